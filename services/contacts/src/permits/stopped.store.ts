import { type Tx } from '@heed/postgres';

/** The rows of stopped. */
export async function stopContacts(
  tx: Tx,
  contactIds: readonly string[],
  requestId: string,
  at: Date,
): Promise<void> {
  if (contactIds.length === 0) return;
  await tx.execute(
    `insert into stopped (tenant_id, contact_id, request_id, at)
     select $1, id, $2, $3 from unnest($4::uuid[]) id
     on conflict on constraint stopped_pkey do nothing`,
    [tx.tenantId, requestId, at, contactIds],
  );
}

export async function isStopped(tx: Tx, contactId: string): Promise<boolean> {
  const rows = await tx.query('select 1 from stopped where tenant_id = $1 and contact_id = $2 limit 1', [
    tx.tenantId,
    contactId,
  ]);
  return rows.length > 0;
}
