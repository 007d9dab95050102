import { type Tx } from '@heed/postgres';
import { forgetFound } from '../sweeps/found.store.js';
import { forgetOrders } from '../processors/processor-order.store.js';

export async function hasOpenRequest(tx: Tx, subjectId: string): Promise<boolean> {
  const open = await tx.query(
    'select 1 from request where tenant_id = $1 and subject_id = $2 and closed_at is null limit 1',
    [tx.tenantId, subjectId],
  );
  return open.length > 0;
}

/** Deletes a request with its orders and answers; returns the batches that they travelled in. */
export async function forgetRequest(tx: Tx, requestId: string): Promise<string[]> {
  const of = [tx.tenantId, requestId];
  await tx.execute(
    `delete from opening using subject_order o
     where opening.tenant_id = $1 and o.tenant_id = $1 and o.request_id = $2 and opening.order_id = o.order_id`,
    of,
  );
  const orders = await tx.query<{ batchId: string | null }>(
    'delete from subject_order where tenant_id = $1 and request_id = $2 returning batch_id as "batchId"',
    of,
  );
  await forgetFound(tx, requestId);
  await forgetOrders(tx, requestId);
  await tx.execute('delete from request_pin where tenant_id = $1 and request_id = $2', of);
  await tx.execute('delete from request where tenant_id = $1 and request_id = $2', of);
  return orders.flatMap(({ batchId }) => batchId ?? []);
}

/** Batches of which no order is left. Their bytes name everybody who was in them. */
export async function forgetBatches(tx: Tx, batchIds: readonly string[]): Promise<void> {
  const empty = `batch_id = any ($2::uuid[]) and not exists (
    select 1 from subject_order o where o.tenant_id = $1 and o.batch_id = b.batch_id)`;
  await tx.execute(`delete from batch_receipt b where tenant_id = $1 and ${empty}`, [tx.tenantId, batchIds]);
  await tx.execute(`update participant_delivery b set batch_id = null where tenant_id = $1 and ${empty}`, [
    tx.tenantId,
    batchIds,
  ]);
  // From the oldest on, without a hole: who comes from further back is told that something is missing.
  await tx.execute(
    `delete from participant_delivery d where batch_id is null and not exists (
       select 1 from participant_delivery kept
       where kept.name = d.name and kept.position < d.position and kept.batch_id is not null)`,
  );
  await tx.execute(`delete from issued_batch b where tenant_id = $1 and ${empty}`, [tx.tenantId, batchIds]);
}
