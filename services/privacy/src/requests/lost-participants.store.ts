import { type Tx } from '@heed/postgres';
import { COUNTS } from '../orders/order.store.js';

/** Of those that a request waits for: participants that were taken out because they cannot answer any more. */
export async function lostAmong(tx: Tx, requestId: string): Promise<number> {
  const [row] = await tx.query<{ lost: number }>(
    `select count(*)::int as lost from request_pin p join participant t on t.name = p.service
     where p.tenant_id = $1 and p.request_id = $2 and t.without_receipt is not null and not exists (
       select 1 from subject_order o join opening g on g.tenant_id = $1 and g.order_id = o.order_id
       where o.tenant_id = $1 and o.request_id = $2 and g.service = p.service and o.action <> 'PROBE' and ${COUNTS})`,
    [tx.tenantId, requestId],
  );
  return row?.lost ?? 0;
}
