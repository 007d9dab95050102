import { Injectable } from '@nestjs/common';
import { AttemptConcluded, typesV1, type messagingV1 } from '@heed/contracts';
import { Consumers } from '@heed/events';
import { DomainError } from '@heed/kernel';
import { ConcludeIntents } from './conclude-intents.js';
import { type Conclude } from './intent.store.js';
import { type Outcome } from './ledger.js';

const OUTCOMES: Partial<Record<typesV1.Outcome, Outcome>> = {
  [typesV1.Outcome.OUTCOME_SENT]: 'sent',
  [typesV1.Outcome.OUTCOME_SKIPPED]: 'skipped',
  [typesV1.Outcome.OUTCOME_FAILED]: 'failed',
  [typesV1.Outcome.OUTCOME_UNKNOWN]: 'unknown',
};

/** Senders say how attempts ended. */
@Injectable()
export class AttemptConcludedConsumer {
  constructor(consumers: Consumers, concludeIntents: ConcludeIntents) {
    consumers.add({
      event: AttemptConcluded,
      group: 'campaigns.conclude',
      handle: (tx, events) =>
        concludeIntents.asSendersSay(
          tx,
          events.map(({ data }) => conclusionOf(data)),
        ),
    });
  }
}

export function conclusionOf({
  intentId,
  campaignId,
  outcome,
  reason,
}: messagingV1.AttemptConcluded): Conclude {
  const ended = OUTCOMES[outcome];
  if (!ended) throw new DomainError('OUTCOME_UNKNOWN', 'invalid-argument');
  // A skip says why, whatever the sender left out: the ledger has no skip without a reason.
  const why = reason === '' ? (ended === 'skipped' ? 'unstated' : null) : reason;
  return { intentId, campaignId, outcome: ended, reason: why };
}
