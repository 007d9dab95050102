import { Injectable } from '@nestjs/common';
import { AttemptConcluded, typesV1 } from '@heed/contracts';
import { Outbox } from '@heed/events';
import { type Tx } from '@heed/postgres';
import { MessageValuesStore } from './message-values.store.js';
import { type Outcome } from './attempt.js';

export interface Concluded {
  attemptId: string;
  /** Empty for a single message. */
  intentId: string;
  /** Empty for a single message. */
  campaignId: string;
  contactId: string;
  outcome: Outcome;
  reason: string;
  /** Of the request that the attempt was made for. Default: the span that is active. */
  traceparent?: string;
}

export interface Deferred extends Omit<Concluded, 'outcome'> {
  until: Date;
  /** The number that the request bore. */
  deferrals: number;
}

export const WIRE_OUTCOME: Record<Outcome, typesV1.Outcome> = {
  sent: typesV1.Outcome.OUTCOME_SENT,
  skipped: typesV1.Outcome.OUTCOME_SKIPPED,
  failed: typesV1.Outcome.OUTCOME_FAILED,
  unknown: typesV1.Outcome.OUTCOME_UNKNOWN,
};

/** Tells how attempts ended, in the transaction that ended them: the ledger of campaigns balances on nothing else. */
@Injectable()
export class AnnounceConclusions {
  constructor(
    private readonly outbox: Outbox,
    private readonly values: MessageValuesStore,
  ) {}

  async of(tx: Tx, concluded: readonly Concluded[], at: Date): Promise<void> {
    const singles = concluded.filter(({ campaignId }) => campaignId === '');
    // Whatever the end: it is not made a second time.
    await this.values.discard(
      tx,
      singles.map(({ attemptId }) => attemptId),
    );
    await this.outbox.addAll(
      tx,
      AttemptConcluded,
      concluded.map(({ outcome, traceparent, ...rest }) => ({
        ...(traceparent !== undefined && { traceparent }),
        data: {
          ...{ ...rest, outcome: WIRE_OUTCOME[outcome], concludedAt: at.toISOString() },
          ...{ version: 1, retryAt: '', deferrals: 0 },
        },
      })),
    );
  }

  /** They could not begin, and go back until their time has come. */
  async deferrals(tx: Tx, deferred: readonly Deferred[], at: Date): Promise<void> {
    await this.outbox.addAll(
      tx,
      AttemptConcluded,
      deferred.map(({ until, traceparent, ...rest }) => ({
        ...(traceparent !== undefined && { traceparent }),
        data: {
          ...{ ...rest, outcome: typesV1.Outcome.OUTCOME_DEFERRED, concludedAt: at.toISOString() },
          ...{ version: 1, retryAt: until.toISOString() },
        },
      })),
    );
  }
}
