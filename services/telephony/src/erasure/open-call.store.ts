import { Injectable } from '@nestjs/common';
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

  /** Calls whose recording is still at the carrier. */
  async unfetched(tx: Tx, contactIds: readonly string[]): Promise<string[]> {
    const rows = await tx.query<{ call_id: string }>(
      `select call_id from recording where tenant_id = $1 and contact_id = any ($2::uuid[]) and state = 'expected'`,
      [tx.tenantId, contactIds],
    );
    return rows.map(({ call_id }) => call_id);
  }
}
