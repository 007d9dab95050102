import { type messagingV1, type telephonyV1, typesV1 } from '@heed/contracts';
import { DomainError } from '@heed/kernel';
import { outcomeOf } from '../campaigns/step.js';
import { type Conclude } from './intent.store.js';
import { type Defer } from './wait.store.js';

/** What senders of all channels say of an intent, in the same words. */
export type SenderWord = Pick<
  messagingV1.AttemptConcluded & telephonyV1.CallConcluded,
  'intentId' | 'campaignId' | 'outcome' | 'reason' | 'version' | 'retryAt' | 'deferrals'
>;

export function wordsOf(all: readonly SenderWord[]): { ends: Conclude[]; deferrals: Defer[] } {
  // Single messages are nobody's intents.
  const words = all.filter(({ campaignId }) => campaignId !== '');
  const isDeferral = ({ outcome }: SenderWord): boolean => outcome === typesV1.Outcome.OUTCOME_DEFERRED;
  return {
    ends: words.filter((word) => !isDeferral(word)).map(endOf),
    deferrals: words.filter(isDeferral).map(deferralOf),
  };
}

function endOf({ intentId, campaignId, outcome, reason, version }: SenderWord): Conclude {
  const ended = outcomeOf(outcome);
  if (!ended) throw new DomainError('OUTCOME_UNKNOWN', 'invalid-argument');
  // A skip says why, whatever the sender left out: the ledger has no skip without a reason.
  const why = reason === '' ? (ended === 'skipped' ? 'unstated' : null) : reason;
  return { intentId, campaignId, outcome: ended, reason: why, isLater: version > 1 };
}

function deferralOf({ intentId, campaignId, reason, retryAt, deferrals }: SenderWord): Defer {
  const until = new Date(retryAt);
  if (Number.isNaN(until.getTime())) throw new DomainError('RETRY_TIME_MISSING', 'invalid-argument');
  return { intentId, campaignId, until, reason: reason || null, deferrals };
}
