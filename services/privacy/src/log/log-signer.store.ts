import { type AcrossTx } from '@heed/postgres';
import { type LogSigner } from './log-signers.js';

/** In the order in which they entered. */
export async function logSigners(tx: AcrossTx): Promise<LogSigner[]> {
  const rows = await tx.query<{ vkey: string; added_index: string; follows: string | null }>(
    'select vkey, added_index, follows from log_signer order by added_index',
  );
  return rows.map(({ vkey, added_index, follows }) => ({ vkey, addedIndex: Number(added_index), follows }));
}

export async function insertSigner(tx: AcrossTx, { vkey, addedIndex, follows }: LogSigner): Promise<void> {
  await tx.execute('insert into log_signer (vkey, added_index, follows) values ($1, $2, $3)', [
    ...[vkey, addedIndex, follows],
  ]);
}

/** The checkpoint of exactly this size, where one was signed. */
export async function noteOfSize(tx: AcrossTx, size: number): Promise<string | undefined> {
  const [row] = await tx.query<{ note: string }>('select note from log_checkpoint where size = $1', [size]);
  return row?.note;
}
