import { type AcrossTx } from '@heed/postgres';
import { type LogOrigin } from './log-origin.store.js';

/** What a service has countersigned last. */
export interface Cosigned {
  service: string;
  size: number;
  vkey: string;
  /** The signature's line (C2SP tlog-cosignature). */
  line: string;
  at: Date;
}

export async function keepCosignature(
  tx: AcrossTx,
  { number }: LogOrigin,
  { service, size, vkey, line, at }: Cosigned,
): Promise<void> {
  await tx.execute(
    `insert into log_cosignature as kept (origin, service, size, vkey, line, at) values ($1, $2, $3, $4, $5, $6)
     on conflict (origin, service) do update set size = $3, vkey = $4, line = $5, at = $6 where kept.size <= $3`,
    [number, service, size, vkey, line, at],
  );
}

/** By name, each with the checkpoint that it is under. */
export async function cosignatures(
  tx: AcrossTx,
  { number }: LogOrigin,
): Promise<(Cosigned & { note: string })[]> {
  const rows = await tx.query<Omit<Cosigned, 'size'> & { size: string; note: string }>(
    `select w.service, w.size, w.vkey, w.line, w.at, c.note
     from log_cosignature w join log_checkpoint c using (origin, size)
     where w.origin = $1 order by w.service`,
    [number],
  );
  return rows.map((row) => ({ ...row, size: Number(row.size) }));
}
