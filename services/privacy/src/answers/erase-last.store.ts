import { type Tx } from '@heed/postgres';

/** The batches in which these orders went out. */
export async function batchesOf(tx: Tx, orderIds: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ batchId: string }>(
    `select distinct batch_id as "batchId" from subject_order
     where tenant_id = $1 and order_id = any ($2::uuid[]) and batch_id is not null`,
    [tx.tenantId, orderIds],
  );
  return rows.map(({ batchId }) => batchId);
}
