import { type AcrossTx } from '@heed/postgres';

/** A tree of its own, over the leaves from its first one to the first one of the next origin. */
export interface LogOrigin {
  number: number;
  /** As checkpoints have it. */
  name: string;
  /** Its index among all leaves: to others this one is leaf 0. */
  firstLeaf: number;
  /** A checkpoint that this log has signed and does not contain: nothing is appended any more. */
  forkedNote: string | null;
}

type Row = Omit<LogOrigin, 'firstLeaf'> & { firstLeaf: string };

const COLUMNS = 'number, name, first_leaf as "firstLeaf", forked_note as "forkedNote"';

/** The one that grows. A log that is new begins under this name. */
export async function currentOrigin(tx: AcrossTx, name: string, at: Date): Promise<LogOrigin> {
  const found = await latestOrigin(tx);
  if (found) return found;
  await tx.execute('insert into log_origin values (1, $1, 0, $2) on conflict do nothing', [name, at]);
  return (await latestOrigin(tx))!;
}

async function latestOrigin(tx: AcrossTx): Promise<LogOrigin | undefined> {
  const [row] = await tx.query<Row>(`select ${COLUMNS} from log_origin order by number desc limit 1`);
  return row && originOf(row);
}

/** The one that grows last. */
export async function allOrigins(tx: AcrossTx): Promise<LogOrigin[]> {
  const rows = await tx.query<Row>(`select ${COLUMNS} from log_origin order by number`);
  return rows.map(originOf);
}

/** The origin in which this leaf stands. */
export async function originOfLeaf(tx: AcrossTx, index: number): Promise<LogOrigin | undefined> {
  return (await allOrigins(tx)).findLast(({ firstLeaf }) => firstLeaf <= index);
}

export async function insertOrigin(
  tx: AcrossTx,
  { number, name, firstLeaf }: Omit<LogOrigin, 'forkedNote'>,
  at: Date,
): Promise<void> {
  await tx.execute('insert into log_origin (number, name, first_leaf, begun_at) values ($1, $2, $3, $4)', [
    ...[number, name, firstLeaf, at],
  ]);
}

/** The first word about it stays. */
export async function markForked(tx: AcrossTx, number: number, note: string, at: Date): Promise<void> {
  await tx.execute(
    'update log_origin set forked_note = $2, forked_at = $3 where number = $1 and forked_note is null',
    [number, note, at],
  );
}

/** Where leaves of an earlier origin stand in this one. */
export async function againIn(
  tx: AcrossTx,
  origin: number,
  indices: readonly number[],
): Promise<Map<number, number>> {
  const rows = await tx.query<{ leaf: string; again: string }>(
    'select leaf, again from log_again where origin = $1 and leaf = any ($2::bigint[])',
    [origin, indices],
  );
  return new Map(rows.map(({ leaf, again }) => [Number(leaf), Number(again)]));
}

export async function insertAgain(
  tx: AcrossTx,
  origin: number,
  pairs: readonly { leaf: number; again: number }[],
): Promise<void> {
  await tx.execute('insert into log_again select $1, * from unnest($2::bigint[], $3::bigint[])', [
    origin,
    pairs.map(({ leaf }) => leaf),
    pairs.map(({ again }) => again),
  ]);
}

function originOf(row: Row): LogOrigin {
  return { ...row, firstLeaf: Number(row.firstLeaf) };
}
