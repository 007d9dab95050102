import { type Tx } from '@heed/postgres';
import { NORMALISER_VERSION } from '../contacts/address.js';
import { type Scope } from '../consent/consent.js';

export type SuppressionReason = 'opt_out' | 'erased';

/** Added and asked about, never listed, changed or taken back. Returns how many addresses this is news about. */
export async function suppress(
  tx: Tx,
  hashes: readonly Buffer[],
  { reason, scope, at }: { reason: SuppressionReason; scope: Scope; at: Date },
): Promise<number> {
  if (hashes.length === 0) return 0;
  return tx.execute(
    `insert into suppression (tenant_id, endpoint_hash, reason, channel, purpose, normaliser, at)
     select $1, hash, $2, $3, $4, $5, $6 from (select distinct hash from unnest($7::bytea[]) hash) h order by hash
     on conflict on constraint suppression_pkey do nothing`,
    [tx.tenantId, reason, scope.channel, scope.purpose, NORMALISER_VERSION, at, hashes],
  );
}

/** How many entries there are about each of these addresses, of whatever reason. By the hash in hex. */
export async function entriesAbout(tx: Tx, hashes: readonly Buffer[]): Promise<Map<string, number>> {
  if (hashes.length === 0) return new Map();
  const rows = await tx.query<{ hash: string; entries: number }>(
    `select encode(endpoint_hash, 'hex') as hash, count(*)::int as entries from suppression
     where tenant_id = $1 and endpoint_hash = any ($2::bytea[]) group by endpoint_hash`,
    [tx.tenantId, hashes],
  );
  return new Map(rows.map(({ hash, entries }) => [hash, entries]));
}

/** Which of these addresses belonged to somebody who was erased and objected. As hex, for sets. */
export async function erasedAmong(tx: Tx, hashes: readonly Buffer[]): Promise<Set<string>> {
  if (hashes.length === 0) return new Set();
  const rows = await tx.query<{ hash: string }>(
    `select encode(endpoint_hash, 'hex') as hash from suppression
     where tenant_id = $1 and endpoint_hash = any ($2::bytea[]) and reason = 'erased'`,
    [tx.tenantId, hashes],
  );
  return new Set(rows.map(({ hash }) => hash));
}

/** Whether an opt-out heard from this address covers the scope. */
export async function isOptedOut(tx: Tx, hash: Buffer, scope: Scope): Promise<boolean> {
  const rows = await tx.query(
    `select 1 from suppression
     where tenant_id = $1 and endpoint_hash = $2 and reason = 'opt_out'
       and channel in ('', $3) and purpose in ('', $4)
     limit 1`,
    [tx.tenantId, hash, scope.channel, scope.purpose],
  );
  return rows.length > 0;
}
