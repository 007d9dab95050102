import { type AcrossTx } from '@heed/postgres';
import { type LogOrigin } from './log-origin.store.js';

/** A service's key: where it entered, and where it was revoked if it was; among all leaves. */
export interface LoggedKey {
  service: string;
  index: number;
  revokedIndex: number | null;
}

export async function knownKeys(
  tx: AcrossTx,
  { number }: LogOrigin,
  keyIds: readonly string[],
): Promise<Map<string, LoggedKey>> {
  const rows = await tx.query<{
    key_id: string;
    service: string;
    leaf_index: string;
    revoked: string | null;
  }>(
    `select key_id, service, leaf_index, revoked_index as revoked from log_key
     where origin = $1 and key_id = any($2::text[])`,
    [number, keyIds],
  );
  return new Map(
    rows.map(({ key_id, service, leaf_index, revoked }) => [
      key_id,
      { service, index: Number(leaf_index), revokedIndex: revoked === null ? null : Number(revoked) },
    ]),
  );
}

export async function insertKeys(
  tx: AcrossTx,
  { number }: LogOrigin,
  keys: readonly { keyId: string; service: string; index: number }[],
): Promise<void> {
  await tx.execute(
    `insert into log_key (key_id, service, leaf_index, origin)
     select *, $4 from unnest($1::text[], $2::text[], $3::bigint[])`,
    [
      keys.map(({ keyId }) => keyId),
      keys.map(({ service }) => service),
      keys.map(({ index }) => index),
      number,
    ],
  );
}

export async function markRevoked(
  tx: AcrossTx,
  { number }: LogOrigin,
  keyId: string,
  index: number,
): Promise<void> {
  await tx.execute('update log_key set revoked_index = $3 where origin = $1 and key_id = $2', [
    ...[number, keyId, index],
  ]);
}

/** The last leaf about the keys of each of these services, among all leaves. */
export async function latestKeyLeaves(
  tx: AcrossTx,
  { number }: LogOrigin,
  services: readonly string[],
): Promise<Map<string, number>> {
  const rows = await tx.query<{ service: string; latest: string }>(
    `select service, max(greatest(leaf_index, revoked_index)) as latest from log_key
     where origin = $1 and service = any($2::text[]) group by service`,
    [number, services],
  );
  return new Map(rows.map(({ service, latest }) => [service, Number(latest)]));
}

/** All of an origin, in order, with the leaf by which each entered. */
export async function keysOfOrigin(
  tx: AcrossTx,
  { number }: LogOrigin,
): Promise<{ keyId: string; leaf: Buffer; isRevoked: boolean }[]> {
  return tx.query<{ keyId: string; leaf: Buffer; isRevoked: boolean }>(
    `select k.key_id as "keyId", l.data as leaf, k.revoked_index is not null as "isRevoked"
     from log_key k join log_leaf l on l.index = k.leaf_index where k.origin = $1 order by k.leaf_index`,
    [number],
  );
}
