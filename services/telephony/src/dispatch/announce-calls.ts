import { Injectable } from '@nestjs/common';
import { CallConcluded, type telephonyV1, typesV1 } from '@heed/contracts';
import { Outbox } from '@heed/events';
import { type Tx } from '@heed/postgres';
import { endedByMessage } from '../calls/call-message.js';
import { type Outcome } from '../calls/call.js';
import { type Asked, type EndedCall } from '../calls/ended-call.js';

const WIRE_OUTCOME: Record<Outcome, typesV1.Outcome> = {
  sent: typesV1.Outcome.OUTCOME_SENT,
  skipped: typesV1.Outcome.OUTCOME_SKIPPED,
  failed: typesV1.Outcome.OUTCOME_FAILED,
  unknown: typesV1.Outcome.OUTCOME_UNKNOWN,
};

interface Word {
  callId: string;
  asked: Asked;
  reason: string;
  outcome: typesV1.Outcome;
  retryAt: string;
  endedBy: telephonyV1.CallEndedBy;
}

/** Tells campaigns how its calls ended, in the transaction that ended them: its ledger balances on nothing else. */
@Injectable()
export class AnnounceCalls {
  constructor(private readonly outbox: Outbox) {}

  /** What a member placed is of no campaign, and is not told. */
  async ends(tx: Tx, ended: readonly EndedCall[], at: Date): Promise<void> {
    await this.tell(
      tx,
      ended.flatMap(({ callId, outcome, reason, endedBy, asked }) =>
        asked
          ? [
              {
                ...{ callId, asked, reason, outcome: WIRE_OUTCOME[outcome], retryAt: '' },
                endedBy: endedByMessage(endedBy),
              },
            ]
          : [],
      ),
      at,
    );
  }

  async deferral(tx: Tx, callId: string, asked: Asked, until: Date, reason: string, at: Date): Promise<void> {
    const outcome = typesV1.Outcome.OUTCOME_DEFERRED;
    await this.tell(
      tx,
      [{ callId, asked, reason, outcome, retryAt: until.toISOString(), endedBy: endedByMessage(null) }],
      at,
    );
  }

  private async tell(tx: Tx, words: Word[], at: Date): Promise<void> {
    await this.outbox.addAll(
      tx,
      CallConcluded,
      words.map(({ asked: { traceparent, ...asked }, ...word }) => ({
        ...(traceparent !== undefined && { traceparent }),
        data: { ...word, ...asked, version: 1, concludedAt: at.toISOString() },
      })),
    );
  }
}
