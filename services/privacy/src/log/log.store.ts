import { type AcrossTx } from '@heed/postgres';

export interface NewLeaf {
  data: Buffer;
  leafHash: Buffer;
}

export interface StoredCheckpoint {
  size: number;
  root: Buffer;
  note: string;
}

/** One sequencer at a time, in this process and in every other: held to the end of the transaction. */
export async function lockLog(tx: AcrossTx): Promise<void> {
  await tx.query("select pg_advisory_xact_lock(hashtextextended('privacy.log', 0))");
}

export async function logSize(tx: AcrossTx): Promise<number> {
  const [row] = await tx.query<{ size: string }>('select coalesce(max(index) + 1, 0) as size from log_leaf');
  return Number(row!.size);
}

export async function insertLeaves(
  tx: AcrossTx,
  first: number,
  leaves: readonly NewLeaf[],
  at: Date,
): Promise<void> {
  await tx.execute(
    `insert into log_leaf (index, data, leaf_hash, at)
     select $1::bigint + n - 1, data, leaf_hash, $4
     from unnest($2::bytea[], $3::bytea[]) with ordinality as leaf (data, leaf_hash, n)`,
    [first, leaves.map(({ data }) => data), leaves.map(({ leafHash }) => leafHash), at],
  );
}

/** Hashes of the leaves from this index on, in order. */
export async function leafHashesFrom(tx: AcrossTx, index: number): Promise<Buffer[]> {
  const rows = await tx.query<{ leaf_hash: Buffer }>(
    'select leaf_hash from log_leaf where index >= $1 order by index',
    [index],
  );
  return rows.map(({ leaf_hash: hash }) => hash);
}

export async function leafData(tx: AcrossTx, indices: readonly number[]): Promise<Map<number, Buffer>> {
  const rows = await tx.query<{ index: string; data: Buffer }>(
    'select index, data from log_leaf where index = any($1::bigint[])',
    [indices],
  );
  return new Map(rows.map(({ index, data }) => [Number(index), data]));
}

export async function hasLeafSince(tx: AcrossTx, index: number, words: Buffer): Promise<boolean> {
  const rows = await tx.query(
    'select 1 from log_leaf where index >= $1 and position($2::bytea in data) > 0 order by index limit 1',
    [index, words],
  );
  return rows.length > 0;
}

export async function latestCheckpoint(tx: AcrossTx): Promise<StoredCheckpoint | undefined> {
  const [row] = await tx.query<{ size: string; root: Buffer; note: string }>(
    'select size, root, note from log_checkpoint order by size desc limit 1',
  );
  return row && { ...row, size: Number(row.size) };
}

export async function insertCheckpoint(tx: AcrossTx, checkpoint: StoredCheckpoint, at: Date): Promise<void> {
  await tx.execute('insert into log_checkpoint (size, root, note, at) values ($1, $2, $3, $4)', [
    checkpoint.size,
    checkpoint.root,
    checkpoint.note,
    at,
  ]);
}

export async function knownKeys(tx: AcrossTx, keyIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await tx.query<{ key_id: string; leaf_index: string }>(
    'select key_id, leaf_index from log_key where key_id = any($1::text[])',
    [keyIds],
  );
  return new Map(rows.map((row) => [row.key_id, Number(row.leaf_index)]));
}

export async function insertKeys(
  tx: AcrossTx,
  keys: readonly { keyId: string; service: string; index: number }[],
): Promise<void> {
  await tx.execute(
    `insert into log_key (key_id, service, leaf_index)
     select * from unnest($1::text[], $2::text[], $3::bigint[])`,
    [keys.map(({ keyId }) => keyId), keys.map(({ service }) => service), keys.map(({ index }) => index)],
  );
}
