import { declareInfrastructure } from '@heed/data-map';
import { type AcrossTx } from '@heed/postgres';

/** Why a checkpoint is refused and the refusal kept. */
export type KeptRefusal = 'SMALLER' | 'INCONSISTENT' | 'FORKED' | 'ORIGIN_UNKNOWN';

/** What is remembered of a log. */
export interface WitnessedLog {
  origin: string;
  vkey: string;
  size: number;
  root: Buffer;
  note: string;
  refusal: KeptRefusal | null;
}

export const logWitnessTable = declareInfrastructure({
  table: 'heed.log_witness',
  description: 'The latest checkpoint of the transparency log that this service has countersigned',
  columns: {
    ...{ origin: 'name', vkey: 'digest', size: 'number', root: 'digest', note: 'digest', at: 'time' },
    ...{ succeeded_by: 'name', refusal: 'code', refused_note: 'digest', refused_at: 'time' },
  },
  tenants: 'open',
});

/** The log that goes on; held to the end of the transaction, so that two checkpoints meet here. */
export async function lockWitnessed(tx: AcrossTx): Promise<WitnessedLog | undefined> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('heed.log_witness', 0))`);
  return witnessedLog(tx);
}

export async function witnessedLog(tx: AcrossTx): Promise<WitnessedLog | undefined> {
  const [row] = await tx.query<Omit<WitnessedLog, 'size'> & { size: string }>(
    'select origin, vkey, size, root, note, refusal from heed.log_witness where succeeded_by is null',
  );
  return row && { ...row, size: Number(row.size) };
}

/** What was refused before is settled by it, but for two trees of one size: that stays until a new origin begins. */
export async function remember(
  tx: AcrossTx,
  { origin, vkey, size, root, note }: Omit<WitnessedLog, 'refusal'>,
  at: Date,
): Promise<void> {
  await tx.execute(
    `insert into heed.log_witness as known (origin, vkey, size, root, note, at) values ($1, $2, $3, $4, $5, $6)
     on conflict (origin) do update set vkey = $2, size = $3, root = $4, note = $5, at = $6,
       refusal = case when known.refusal = 'FORKED' then known.refusal end,
       refused_note = case when known.refusal = 'FORKED' then known.refused_note end,
       refused_at = case when known.refusal = 'FORKED' then known.refused_at end`,
    [origin, vkey, size, root, note, at],
  );
}

export async function succeed(tx: AcrossTx, origin: string, by: string): Promise<void> {
  await tx.execute(
    `update heed.log_witness
     set succeeded_by = $2, refusal = null, refused_note = null, refused_at = null where origin = $1`,
    [origin, by],
  );
}

export async function keepRefusal(
  tx: AcrossTx,
  origin: string,
  { refusal, note, at }: { refusal: KeptRefusal; note: string; at: Date },
): Promise<void> {
  await tx.execute(
    `update heed.log_witness set refusal = $2, refused_note = $3, refused_at = $4
     where origin = $1 and refusal is distinct from 'FORKED'`,
    [origin, refusal, note, at],
  );
}
