import { type Statements } from '@heed/postgres';
import { type Life, type Witnessed } from './incarnation.js';

/** Locked: two replicas of a service may tell of their starts at once. */
export async function lastWitnessed(tx: Statements, service: string): Promise<Witnessed | undefined> {
  await tx.execute('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`heed.incarnation.${service}`]);
  const [row] = await tx.query<{ number: string; nonce: string }>(
    'select number, nonce from incarnation_witness where service = $1',
    [service],
  );
  return row && { number: BigInt(row.number), nonce: row.nonce };
}

export async function witness(
  tx: Statements,
  service: string,
  { number, nonce }: Life,
  at: Date,
): Promise<void> {
  await tx.execute(
    `insert into incarnation_witness (service, number, nonce, witnessed_at) values ($1, $2, $3, $4)
     on conflict (service) do update
     set number = excluded.number, nonce = excluded.nonce, witnessed_at = excluded.witnessed_at`,
    [service, number, nonce, at],
  );
}
