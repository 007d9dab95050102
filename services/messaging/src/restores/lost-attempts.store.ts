import { Injectable } from '@nestjs/common';
import { type Tx } from '@heed/postgres';
import { type Concluded } from '../dispatch/announce-conclusions.js';
import { RESTORED, RESTORING, type Outcome } from '../dispatch/attempt.js';
import { CONCLUDED, concludedOf, NO_PERMIT, type ConcludedRow } from '../sending/in-hand.store.js';

/** How an attempt ended in the life that was lost, as campaigns was told. */
export interface ToldEnd {
  attemptId: string;
  outcome: Outcome;
  reason: string;
  at: Date;
}

/** It went back to its campaign in that life. */
export interface ToldDeferral {
  attemptId: string;
  deferrals: number;
}

/** Attempts of a life that this database has lost. */
@Injectable()
export class LostAttemptsStore {
  /** Whatever waited here may have been sent since: it ends, and nobody has been told yet. Returns how many. */
  async endOpen(tx: Tx, limit: number, at: Date): Promise<number> {
    return tx.execute(
      `update attempt a set state = 'concluded', outcome = 'unknown', reason = '${RESTORING}', concluded_at = $3,
         sender_id = null
       from (select row_id from attempt where tenant_id = $1 and state in ('queued', 'armed') limit $2 for update) o
       where a.tenant_id = $1 and a.row_id = o.row_id`,
      [tx.tenantId, limit, at],
    );
  }

  /** One word an attempt. The permit of one that was sent lies with contacts alone: its proof was lost here. */
  async end(tx: Tx, words: readonly ToldEnd[]): Promise<void> {
    await tx.execute(
      `update attempt a set state = 'concluded', outcome = w.outcome, concluded_at = w.at,
         reason = case when w.outcome = 'sent' and a.armed_at is null then '${RESTORED}' else w.reason end
       from unnest($2::uuid[], $3::text[], $4::text[], $5::timestamptz[]) as w (attempt_id, outcome, reason, at)
       where a.tenant_id = $1 and a.attempt_id = w.attempt_id and (a.outcome = 'unknown' or a.state = 'deferred')`,
      [
        tx.tenantId,
        words.map(({ attemptId }) => attemptId),
        words.map(({ outcome }) => outcome),
        words.map(({ reason }) => reason),
        words.map(({ at }) => at),
      ],
    );
  }

  /** One word an attempt. Not begun, so it may be asked for again; unless it was, and nobody knows the rest. */
  async defer(tx: Tx, words: readonly ToldDeferral[]): Promise<void> {
    await tx.execute(
      `update attempt a set state = 'deferred', outcome = null, reason = '', concluded_at = null,
         deferrals = w.deferrals, armed_at = null, ${NO_PERMIT}
       from unnest($2::uuid[], $3::int[]) as w (attempt_id, deferrals)
       where a.tenant_id = $1 and a.attempt_id = w.attempt_id and a.reason = '${RESTORING}'
         and a.deferrals <= w.deferrals`,
      [tx.tenantId, words.map(({ attemptId }) => attemptId), words.map(({ deferrals }) => deferrals)],
    );
  }

  /** Of whom nothing was told: they stay unknown, and whoever asked is to be told now. */
  async takeUntold(tx: Tx, limit: number): Promise<Concluded[]> {
    const rows = await tx.query<ConcludedRow>(
      `update attempt a set reason = '${RESTORED}'
       from (select row_id from attempt where tenant_id = $1 and reason = '${RESTORING}' limit $2 for update) o
       where a.tenant_id = $1 and a.row_id = o.row_id
       returning ${CONCLUDED}`,
      [tx.tenantId, limit],
    );
    return rows.map(concludedOf);
  }
}
