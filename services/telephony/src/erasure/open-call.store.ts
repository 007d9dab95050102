import { Injectable } from '@nestjs/common';
import { type HandedSpan } from '@heed/data-rights';
import { type Tx } from '@heed/postgres';
import { ENDED, endedCallOf, type EndedCall, type EndedRow } from '../calls/ended-call.js';

@Injectable()
export class OpenCallStore {
  /** How many calls of theirs run. */
  askToHangUp(tx: Tx, contactIds: readonly string[]): Promise<number> {
    return tx.execute(
      `update call set hang_up = 'erased'
       where tenant_id = $1 and contact_id = any ($2::uuid[]) and state in ('armed', 'ringing', 'answered')`,
      [tx.tenantId, contactIds],
    );
  }

  /** Ends what waits, and what began since it was looked for: of that nobody can tell whether the phone rang. */
  async endAll(tx: Tx, contactIds: readonly string[], at: Date): Promise<EndedCall[]> {
    const rows = await tx.query<EndedRow>(
      `update call set state = 'ended',
         outcome = case when state in ('queued', 'deferred') then 'skipped' else 'unknown' end,
         reason = 'erased', ended_at = $3
       where tenant_id = $1 and contact_id = any ($2::uuid[]) and state <> 'ended'
       returning ${ENDED}`,
      [tx.tenantId, contactIds, at],
    );
    return rows.map(endedCallOf);
  }

  /** How often a call to each of them began to be placed in this span, whether or not their phone rang. */
  async handedOver(
    tx: Tx,
    contactIds: readonly string[],
    { from, until }: HandedSpan,
  ): Promise<Map<string, number>> {
    const rows = await tx.query<{ contactId: string; count: number }>(
      `select contact_id as "contactId", count(*)::int as count from call
       where tenant_id = $1 and contact_id = any ($2::uuid[]) and armed_at is not null
         and outcome is distinct from 'skipped'
         and ($3::timestamptz is null or armed_at >= $3) and ($4::timestamptz is null or armed_at < $4)
       group by contact_id`,
      [tx.tenantId, contactIds, from ?? null, until ?? null],
    );
    return new Map(rows.map(({ contactId, count }) => [contactId, count]));
  }

  /** Calls whose recording is still at the carrier. */
  async unfetched(tx: Tx, contactIds: readonly string[]): Promise<string[]> {
    const rows = await tx.query<{ call_id: string }>(
      `select call_id from recording where tenant_id = $1 and contact_id = any ($2::uuid[]) and state = 'expected'`,
      [tx.tenantId, contactIds],
    );
    return rows.map(({ call_id }) => call_id);
  }
}
