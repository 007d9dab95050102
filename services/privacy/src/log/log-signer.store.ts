import { type AcrossTx } from '@heed/postgres';
import { type LogOrigin } from './log-origin.store.js';
import { type LogSigner } from './log-signers.js';

/** In the order in which they entered; by their leaf's index in this origin. */
export async function logSigners(tx: AcrossTx, { number, firstLeaf }: LogOrigin): Promise<LogSigner[]> {
  const rows = await tx.query<{ vkey: string; added_index: string; follows: string | null }>(
    'select vkey, added_index - $2 as added_index, follows from log_signer where origin = $1 order by added_index',
    [number, firstLeaf],
  );
  return rows.map(({ vkey, added_index, follows }) => ({ vkey, addedIndex: Number(added_index), follows }));
}

export async function insertSigner(
  tx: AcrossTx,
  { number, firstLeaf }: LogOrigin,
  { vkey, addedIndex, follows }: LogSigner,
): Promise<void> {
  await tx.execute('insert into log_signer (vkey, added_index, follows, origin) values ($1, $2, $3, $4)', [
    ...[vkey, firstLeaf + addedIndex, follows, number],
  ]);
}

/** The checkpoint of exactly this size, where one was signed. */
export async function noteOfSize(
  tx: AcrossTx,
  { number }: LogOrigin,
  size: number,
): Promise<string | undefined> {
  const [row] = await tx.query<{ note: string }>(
    'select note from log_checkpoint where origin = $1 and size = $2',
    [number, size],
  );
  return row?.note;
}

/** Of all origins. */
export async function allVkeys(tx: AcrossTx): Promise<string[]> {
  const rows = await tx.query<{ vkey: string }>('select vkey from log_signer order by added_index');
  return rows.map(({ vkey }) => vkey);
}
