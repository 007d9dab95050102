import { Injectable } from '@nestjs/common';
import { AttemptConcluded, typesV1 } from '@heed/contracts';
import { Outbox } from '@heed/events';
import { type Tx } from '@heed/postgres';
import { type Outcome } from './attempt.js';

export interface Concluded {
  attemptId: string;
  intentId: string;
  campaignId: string;
  contactId: string;
  outcome: Outcome;
  reason: string;
  /** Of the request that the attempt was made for. Default: the span that is active. */
  traceparent?: string;
}

export const WIRE_OUTCOME: Record<Outcome, typesV1.Outcome> = {
  sent: typesV1.Outcome.OUTCOME_SENT,
  skipped: typesV1.Outcome.OUTCOME_SKIPPED,
  failed: typesV1.Outcome.OUTCOME_FAILED,
  unknown: typesV1.Outcome.OUTCOME_UNKNOWN,
};

const FIRST_WORD = { version: 1, retryAt: '', deferrals: 0 };

/** Tells campaigns how attempts ended, in the transaction that ended them: its ledger balances on nothing else. */
@Injectable()
export class AnnounceConclusions {
  constructor(private readonly outbox: Outbox) {}

  async of(tx: Tx, concluded: readonly Concluded[], at: Date): Promise<void> {
    await this.outbox.addAll(
      tx,
      AttemptConcluded,
      concluded.map(({ outcome, traceparent, ...rest }) => ({
        ...(traceparent !== undefined && { traceparent }),
        data: { ...rest, ...FIRST_WORD, outcome: WIRE_OUTCOME[outcome], concludedAt: at.toISOString() },
      })),
    );
  }
}
