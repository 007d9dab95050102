import { Injectable } from '@nestjs/common';
import { type Tx } from '@heed/postgres';
import { RESTORED, RESTORING, type EndedBy, type Outcome } from '../calls/call.js';
import { ENDED, endedCallOf, type EndedCall, type EndedRow } from '../calls/ended-call.js';

/** How a call ended in the life that was lost, as campaigns was told. */
export interface ToldEnd {
  callId: string;
  outcome: Outcome;
  reason: string;
  endedBy: EndedBy | null;
  at: Date;
}

/** It went back to its campaign in that life. */
export interface ToldDeferral {
  callId: string;
  deferrals: number;
}

/** Calls of a life that this database has lost. */
@Injectable()
export class LostCallsStore {
  /**
   * Whatever waited here may have been placed since: it ends, and nobody has been told yet. What was under way has its
   * end from the carrier, as after any other death of a process. Returns how many.
   */
  async endOpen(tx: Tx, limit: number, at: Date): Promise<number> {
    return tx.execute(
      `update call c set state = 'ended', outcome = 'unknown', reason = '${RESTORING}', ended_at = $3
       from (select row_id from call where tenant_id = $1 and state = 'queued' limit $2 for update) o
       where c.tenant_id = $1 and c.row_id = o.row_id`,
      [tx.tenantId, limit, at],
    );
  }

  /** One word a call. The permit of one that was answered lies with contacts alone: its proof was lost here. */
  async end(tx: Tx, words: readonly ToldEnd[]): Promise<void> {
    await tx.execute(
      `update call c set state = 'ended', outcome = w.outcome, ended_at = w.at, ended_by = w.ended_by,
         reason = case when w.outcome = 'sent' and c.armed_at is null then '${RESTORED}' else w.reason end
       from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
         as w (call_id, outcome, reason, ended_by, at)
       where c.tenant_id = $1 and c.call_id = w.call_id and (c.outcome = 'unknown' or c.state <> 'ended')`,
      [
        tx.tenantId,
        words.map(({ callId }) => callId),
        words.map(({ outcome }) => outcome),
        words.map(({ reason }) => reason),
        words.map(({ endedBy }) => endedBy),
        words.map(({ at }) => at),
      ],
    );
  }

  /** One word a call. Not begun, so it may be asked for again; unless it was, and nobody knows the rest. */
  async defer(tx: Tx, words: readonly ToldDeferral[]): Promise<void> {
    await tx.execute(
      `update call c set state = 'deferred', outcome = null, reason = '', ended_at = null, deferrals = w.deferrals
       from unnest($2::uuid[], $3::int[]) as w (call_id, deferrals)
       where c.tenant_id = $1 and c.call_id = w.call_id and c.reason = '${RESTORING}'
         and c.deferrals <= w.deferrals`,
      [tx.tenantId, words.map(({ callId }) => callId), words.map(({ deferrals }) => deferrals)],
    );
  }

  /** Of whom nothing was told: they stay unknown, and whoever asked is to be told now. */
  async takeUntold(tx: Tx, limit: number): Promise<EndedCall[]> {
    const rows = await tx.query<EndedRow>(
      `update call set reason = '${RESTORED}'
       where tenant_id = $1
         and row_id in (select row_id from call where tenant_id = $1 and reason = '${RESTORING}' limit $2 for update)
       returning ${ENDED}`,
      [tx.tenantId, limit],
    );
    return rows.map(endedCallOf);
  }
}
