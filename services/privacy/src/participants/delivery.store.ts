import { type AcrossTx, type Tx } from '@heed/postgres';

export interface Delivery {
  position: number;
  tenantId: string;
  /** Null once its record was forgotten. */
  batchId: string | null;
}

/**
 * Puts a batch at the end of what each of these is handed. One lock for all: a transaction that delivers to two would
 * otherwise wait for another in a circle, and a position that commits late would be passed by.
 */
export async function deliver(tx: Tx, names: readonly string[], batchId: string, at: Date): Promise<void> {
  if (names.length === 0) return;
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('privacy.deliveries', 0))`);
  await tx.execute(
    `with next as (
       update participant set issued = issued + 1 where name = any ($3) returning name, issued
     )
     insert into participant_delivery (name, position, tenant_id, batch_id, issued_at)
     select name, issued, $1, $2, $4 from next`,
    [tx.tenantId, batchId, names, at],
  );
}

/** Those of the silent who were handed the batch already: whoever has not come to it is not asked twice. */
export async function handedWithoutAnswer(
  tx: Tx,
  names: readonly string[],
  batchId: string,
): Promise<string[]> {
  if (names.length === 0) return [];
  const rows = await tx.query<{ name: string }>(
    `select p.name from participant p
     where p.name = any ($3) and p.handed >= (
       select max(d.position) from participant_delivery d
       where d.tenant_id = $1 and d.batch_id = $2 and d.name = p.name)`,
    [tx.tenantId, batchId, names],
  );
  return rows.map(({ name }) => name);
}

export async function deliveriesAfter(
  tx: AcrossTx,
  name: string,
  after: number,
  limit: number,
): Promise<Delivery[]> {
  const rows = await tx.query<Omit<Delivery, 'position'> & { position: string }>(
    `select position, tenant_id as "tenantId", batch_id as "batchId" from participant_delivery
     where name = $1 and position > $2 order by position limit $3`,
    [name, after, limit],
  );
  return rows.map((row) => ({ ...row, position: Number(row.position) }));
}

/** The first position that is still kept, or would come next, and the last that was issued. */
export async function deliveriesKept(
  tx: AcrossTx,
  name: string,
): Promise<{ first: number; last: number } | undefined> {
  const [row] = await tx.query<{ first: string; last: string }>(
    `select coalesce((select min(position) from participant_delivery d where d.name = p.name), p.issued + 1) as first,
       p.issued as last
     from participant p where p.name = $1`,
    [name],
  );
  return row && { first: Number(row.first), last: Number(row.last) };
}

export async function noteSeen(tx: AcrossTx, name: string, at: Date): Promise<void> {
  await tx.execute('update participant set seen_at = $2 where name = $1', [name, at]);
}

export async function noteHanded(tx: AcrossTx, name: string, position: number, at: Date): Promise<void> {
  await tx.execute('update participant set handed = greatest(handed, $2), seen_at = $3 where name = $1', [
    name,
    position,
    at,
  ]);
}

export async function noteAnswered(tx: Tx, name: string, batchId: string, at: Date): Promise<void> {
  await tx.execute(
    'update participant_delivery set answered_at = $4 where tenant_id = $1 and batch_id = $2 and name = $3',
    [tx.tenantId, batchId, name, at],
  );
}
