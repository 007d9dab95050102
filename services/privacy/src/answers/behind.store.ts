import { type ActionName } from '@heed/data-rights';
import { type Tx } from '@heed/postgres';
import { COUNTS } from '../orders/order.store.js';

/** Requests whose order in this batch counts, and how often they were ordered the like. */
export async function countingIn(tx: Tx, batchId: string, first: ActionName): Promise<Map<string, number>> {
  const rows = await tx.query<{ requestId: string; times: number }>(
    `select o.request_id as "requestId",
       (select count(*)::int from subject_order f
        where f.tenant_id = o.tenant_id and f.request_id = o.request_id and f.action = $3) as times
     from subject_order o where o.tenant_id = $1 and o.batch_id = $2 and ${COUNTS}`,
    [tx.tenantId, batchId, first],
  );
  return new Map(rows.map(({ requestId, times }) => [requestId, times]));
}
