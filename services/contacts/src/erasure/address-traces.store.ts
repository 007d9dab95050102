import { type Tx } from '@heed/postgres';

/** Rows of files that name one of these addresses, wherever in the row, and sign-ups with one of them. As role eraser. */
export async function deleteRowsByAddress(tx: Tx, hashes: readonly Buffer[]): Promise<void> {
  if (hashes.length === 0) return;
  const hex = hashes.map((hash) => hash.toString('hex'));
  await tx.execute('delete from import_row where tenant_id = $1 and hashes && $2', [tx.tenantId, hex]);
  await tx.execute('delete from import_reject where tenant_id = $1 and hashes && $2', [tx.tenantId, hex]);
  await tx.execute('delete from sign_up where tenant_id = $1 and endpoint_hash = any ($2::bytea[])', [
    tx.tenantId,
    hashes,
  ]);
}
