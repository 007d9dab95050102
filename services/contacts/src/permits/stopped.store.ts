import { type Tx } from '@heed/postgres';

/** The rows of stopped. */
export async function stopContacts(
  tx: Tx,
  contactIds: readonly string[],
  { requestId, restricts }: { requestId: string; restricts: boolean },
  at: Date,
): Promise<void> {
  if (contactIds.length === 0) return;
  await tx.execute(
    `insert into stopped (tenant_id, contact_id, request_id, at, restricts)
     select $1, id, $2, $3, $5 from unnest($4::uuid[]) id
     on conflict on constraint stopped_pkey do nothing`,
    [tx.tenantId, requestId, at, contactIds, restricts],
  );
}

/** A restriction ends; what other requests have stopped stays so. As role eraser. */
export async function liftRestrictions(tx: Tx, contactIds: readonly string[]): Promise<void> {
  await tx.execute(
    'delete from stopped where tenant_id = $1 and contact_id = any ($2::uuid[]) and restricts',
    [tx.tenantId, contactIds],
  );
}

export async function isStopped(tx: Tx, contactId: string): Promise<boolean> {
  const rows = await tx.query('select 1 from stopped where tenant_id = $1 and contact_id = $2 limit 1', [
    tx.tenantId,
    contactId,
  ]);
  return rows.length > 0;
}
