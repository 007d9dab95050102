import { type Statements, type Tx } from '@heed/postgres';

export interface OffsiteHead {
  sequence: number;
  digest: string;
  filledAt: Date | null;
}

export interface OffsiteDue {
  id: string;
  tenantId: string;
  payload: Buffer;
}

type Reading = Pick<Statements, 'query'>;
type Writing = Pick<Statements, 'execute'>;

/** Has them copied off site after the commit, where copies are made. */
export async function addOffsite(tx: Tx, log: string, payloads: readonly Buffer[]): Promise<void> {
  await tx.execute(
    `insert into heed.offsite_due (log, tenant_id, payload)
     select $2, $1, payload from unnest($3::bytea[]) payload
     where exists (select 1 from heed.offsite_head where log = $2)`,
    [tx.tenantId, log, payloads],
  );
}

export async function readOffsiteHead(tx: Reading, log: string): Promise<OffsiteHead | undefined> {
  const [row] = await tx.query<OffsiteHead>(
    `select sequence::float8 as sequence, digest, filled_at as "filledAt" from heed.offsite_head where log = $1`,
    [log],
  );
  return row;
}

/** From here on what is added waits to be copied. Answers the transaction that says so. */
export async function beginOffsite(tx: Reading, log: string): Promise<string> {
  const [row] = await tx.query<{ xid: string }>(
    `with head as (
       insert into heed.offsite_head (log, sequence, digest) values ($1, 0, '') on conflict (log) do nothing
     )
     select pg_current_xact_id()::text as xid`,
    [log],
  );
  return row!.xid;
}

/** Whether every transaction has ended that may not have known of it. */
export async function allKnowSince(tx: Reading, xid: string): Promise<boolean> {
  const [row] = await tx.query<{ past: boolean }>(
    'select pg_snapshot_xmin(pg_current_snapshot()) > $1::xid8 as past',
    [xid],
  );
  return row?.past ?? false;
}

export async function markFilled(tx: Writing, log: string, at: Date): Promise<void> {
  await tx.execute('update heed.offsite_head set filled_at = $2 where log = $1', [log, at]);
}

/** Copies are made no more: what waits is forgotten, and what comes waits for nobody. */
export async function endOffsite(tx: Writing): Promise<void> {
  await tx.execute('delete from heed.offsite_head');
  await tx.execute('delete from heed.offsite_due');
}

/** One at a time copies a log. False: another replica does. */
export async function lockOffsite(tx: Reading, log: string): Promise<boolean> {
  const [row] = await tx.query<{ locked: boolean }>(
    `select pg_try_advisory_xact_lock(hashtextextended('heed.offsite.' || $1, 0)) as locked`,
    [log],
  );
  return row?.locked ?? false;
}

export function offsiteDue(tx: Reading, log: string, limit: number): Promise<OffsiteDue[]> {
  return tx.query<OffsiteDue>(
    `select id, tenant_id as "tenantId", payload from heed.offsite_due where log = $1 order by id limit $2`,
    [log, limit],
  );
}

/** Whether each of them waits to be copied. */
export async function isOffsiteDue(
  tx: Reading,
  log: string,
  entries: readonly Omit<OffsiteDue, 'id'>[],
): Promise<boolean> {
  const [unknown] = await tx.query(
    `select 1 from unnest($2::uuid[], $3::bytea[]) e (tenant_id, payload)
     where not exists (
       select 1 from heed.offsite_due d where d.log = $1 and d.tenant_id = e.tenant_id and d.payload = e.payload)
     limit 1`,
    [log, entries.map(({ tenantId }) => tenantId), entries.map(({ payload }) => payload)],
  );
  return unknown === undefined;
}

export async function saveOffsiteHead(
  tx: Writing,
  log: string,
  head: { sequence: number; digest: string },
  copiedIds: readonly string[],
  at: Date,
): Promise<void> {
  await tx.execute(`delete from heed.offsite_due where id = any ($1::bigint[])`, [copiedIds]);
  await tx.execute(
    `insert into heed.offsite_head as h (log, sequence, digest, copied_at) values ($1, $2, $3, $4)
     on conflict (log) do update
     set sequence = excluded.sequence, digest = excluded.digest, copied_at = excluded.copied_at`,
    [log, head.sequence, head.digest, at],
  );
}

/** How much waits, and since when, over all logs. */
export async function offsiteLag(tx: Reading): Promise<{ waiting: number; oldestAt: Date | null }> {
  const [row] = await tx.query<{ waiting: number; oldestAt: Date | null }>(
    `select count(*)::int as waiting, min(at) as "oldestAt" from heed.offsite_due`,
  );
  return row ?? { waiting: 0, oldestAt: null };
}
