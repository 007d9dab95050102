import { type AcrossTx } from '@heed/postgres';
import { type LogOrigin } from './log-origin.store.js';

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

/** Hashes of an origin's leaves from this index on, in order: the next origin's are none of them. */
export async function leafHashesFrom(
  tx: AcrossTx,
  { firstLeaf }: LogOrigin,
  index: number,
  limit: number,
): Promise<Buffer[]> {
  const rows = await tx.query<{ leaf_hash: Buffer }>(
    `select leaf_hash from log_leaf
     where index >= $1::bigint + $2 and index < coalesce(
       (select min(first_leaf) from log_origin where first_leaf > $1::bigint), 9223372036854775807)
     order by index limit $3`,
    [firstLeaf, index, limit],
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

export async function latestCheckpoint(
  tx: AcrossTx,
  { number }: LogOrigin,
): Promise<StoredCheckpoint | undefined> {
  const [row] = await tx.query<Omit<StoredCheckpoint, 'size'> & { size: string }>(
    'select size, root, note from log_checkpoint where origin = $1 order by size desc limit 1',
    [number],
  );
  return row && { ...row, size: Number(row.size) };
}

export async function insertCheckpoint(
  tx: AcrossTx,
  { number }: LogOrigin,
  { size, root, note }: StoredCheckpoint,
  at: Date,
): Promise<void> {
  await tx.execute('insert into log_checkpoint (size, root, note, at, origin) values ($1, $2, $3, $4, $5)', [
    ...[size, root, note, at, number],
  ]);
}
