import { newId } from '@heed/kernel';
import { type Statements } from '@heed/postgres';

/** The life that a database is in. */
export interface Incarnation {
  number: bigint;
  nonce: string;
  /** The nonce of the number before; none in the first life. */
  previous: string | undefined;
  isWitnessed: boolean;
  /** The first after a resync: it follows whatever was witnessed before. */
  resynced: boolean;
}

/**
 * A new life, committed before anybody is told of it. One that has not been witnessed yet goes on: a database that went
 * back cannot count past its witness while that is away.
 */
export async function beginIncarnation(tx: Statements, at: Date): Promise<Incarnation> {
  const [row] = await tx.query<{
    number: string;
    nonce: string;
    previous: string | null;
    resynced: boolean;
  }>(
    `insert into heed.incarnation as i (name, number, nonce, committed_at) values ('this', 1, $1, $2)
     on conflict (name) do update set
       number = case when i.witnessed_at is null then i.number else i.number + 1 end,
       previous = case when i.witnessed_at is null then i.previous else i.nonce end,
       nonce = case when i.witnessed_at is null then i.nonce else excluded.nonce end,
       resynced = i.witnessed_at is null and i.resynced,
       committed_at = excluded.committed_at,
       witnessed_at = null
     returning number, nonce, previous, resynced`,
    [newId(), at],
  );
  const { number, nonce, previous, resynced } = row!;
  return { number: BigInt(number), nonce, previous: previous ?? undefined, isWitnessed: false, resynced };
}

export async function markWitnessed(tx: Statements, nonce: string, at: Date): Promise<void> {
  await tx.execute(`update heed.incarnation set witnessed_at = $2 where name = 'this' and nonce = $1`, [
    nonce,
    at,
  ]);
}

/** After a resync: a life that follows the last one that was witnessed, whatever this database knew of it. */
export async function beginAfter(
  tx: Pick<Statements, 'query'>,
  number: bigint,
  at: Date,
): Promise<Incarnation> {
  const nonce = newId();
  const [row] = await tx.query<{ number: string }>(
    `insert into heed.incarnation as i (name, number, nonce, committed_at, resynced) values ('this', $1, $2, $3, true)
     on conflict (name) do update set
       number = greatest(i.number + 1, excluded.number), nonce = excluded.nonce, previous = null,
       committed_at = excluded.committed_at, witnessed_at = null, resynced = true
     returning number`,
    [number + 1n, nonce, at],
  );
  return {
    ...{ number: BigInt(row!.number), nonce, previous: undefined },
    ...{ isWitnessed: false, resynced: true },
  };
}
