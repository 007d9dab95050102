import { type Tx } from '@heed/postgres';

/** Outside tenants alone (NIL_UUID) all of them are seen. */
export async function tenantIds(tx: Tx): Promise<string[]> {
  const rows = await tx.query<{ id: string }>('select tenant_id as id from tenant order by 1');
  return rows.map(({ id }) => id);
}

/** Every session and every API key of the tenant that is open. */
export async function endAll(tx: Tx, at: Date): Promise<void> {
  await tx.execute(
    `update session set ended_at = $2, ended_by = 'restored' where tenant_id = $1 and ended_at is null`,
    [tx.tenantId, at],
  );
  await tx.execute('update api_key set revoked_at = $2 where tenant_id = $1 and revoked_at is null', [
    tx.tenantId,
    at,
  ]);
}
