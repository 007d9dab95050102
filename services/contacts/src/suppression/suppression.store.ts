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

/** Whether an opt-out heard from an address covers the scope, for each and in order. */
export async function optedOutAmong(
  tx: Tx,
  asked: readonly { hash: Buffer; scope: Scope }[],
): Promise<boolean[]> {
  if (asked.length === 0) return [];
  const rows = await tx.query<{ covered: boolean }>(
    `select exists (
       select 1 from suppression s
       where s.tenant_id = $1 and s.endpoint_hash = a.hash and s.reason = 'opt_out'
         and s.channel in ('', a.channel) and s.purpose in ('', a.purpose)
     ) as covered
     from unnest($2::bytea[], $3::text[], $4::text[]) with ordinality as a (hash, channel, purpose, n) order by n`,
    [
      tx.tenantId,
      asked.map(({ hash }) => hash),
      asked.map(({ scope }) => scope.channel),
      asked.map(({ scope }) => scope.purpose),
    ],
  );
  return rows.map(({ covered }) => covered);
}
