import { type Tx } from '@heed/postgres';
import { type Ledger, type Movement } from './ledger.js';

export async function openLedger(tx: Tx, campaignId: string, at: Date): Promise<void> {
  await tx.execute('insert into campaign_ledger (tenant_id, campaign_id, changed_at) values ($1, $2, $3)', [
    tx.tenantId,
    campaignId,
    at,
  ]);
}

/** Locks campaigns, in order of id. What is read of them afterwards, in a statement of its own, stays so. */
export async function lockLedgers(tx: Tx, campaignIds: readonly string[]): Promise<void> {
  await tx.execute(
    `select 1 from campaign_ledger
     where tenant_id = $1 and campaign_id = any ($2::uuid[])
     order by campaign_id
     for no key update`,
    [tx.tenantId, campaignIds],
  );
}

/**
 * Behind `lockLedgers`. The steps' counters and their campaign's move in one statement, by the same numbers: the
 * equation holds of each before it and after it.
 */
export async function move(tx: Tx, movements: readonly Movement[], at: Date): Promise<void> {
  if (movements.length === 0) return;
  const of = (key: (typeof COUNTERS)[number]): number[] => movements.map((movement) => movement[key]);
  await tx.execute(
    `with m as (
       select * from unnest($3::uuid[], $4::smallint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[],
           $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[])
         as m (campaign_id, step, audience, sent, skipped, failed, unknown, open, in_flight, deferred)
     ), steps as (
       update campaign_step_ledger l set ${MOVED}
       from m where l.tenant_id = $1 and l.campaign_id = m.campaign_id and l.step = m.step
     )
     update campaign_ledger l set ${MOVED}, changed_at = $2
     from (
       select campaign_id, sum(audience)::bigint as audience, sum(sent)::bigint as sent,
         sum(skipped)::bigint as skipped, sum(failed)::bigint as failed, sum(unknown)::bigint as unknown,
         sum(open)::bigint as open, sum(in_flight)::bigint as in_flight, sum(deferred)::bigint as deferred
       from m group by campaign_id
     ) m
     where l.tenant_id = $1 and l.campaign_id = m.campaign_id`,
    [
      tx.tenantId,
      at,
      movements.map(({ campaignId }) => campaignId),
      movements.map(({ step }) => step),
      ...COUNTERS.map(of),
    ],
  );
  await countSkips(tx, movements);
}

const COUNTERS = [
  'audience',
  'sent',
  'skipped',
  'failed',
  'unknown',
  'open',
  'inFlight',
  'deferred',
] as const;

const MOVED = ['audience', 'sent', 'skipped', 'failed', 'unknown', 'open', 'in_flight', 'deferred']
  .map((counter) => `${counter} = l.${counter} + m.${counter}`)
  .join(', ');

async function countSkips(tx: Tx, movements: readonly Movement[]): Promise<void> {
  const skips = movements.flatMap(({ campaignId, step, skips: byReason }) =>
    [...byReason].map(([reason, n]) => ({ campaignId, step, reason, n })),
  );
  if (skips.length === 0) return;
  await tx.execute(
    `with s as (
       select * from unnest($2::uuid[], $3::smallint[], $4::text[], $5::bigint[]) as s (campaign_id, step, reason, n)
     ), steps as (
       insert into campaign_step_skip as k (tenant_id, campaign_id, step, reason, n)
       select $1, campaign_id, step, reason, n from s
       on conflict (tenant_id, campaign_id, step, reason) do update set n = k.n + excluded.n
     )
     insert into campaign_skip as k (tenant_id, campaign_id, reason, n)
     select $1, campaign_id, reason, sum(n)::bigint from s group by campaign_id, reason
     on conflict (tenant_id, campaign_id, reason) do update set n = k.n + excluded.n`,
    [
      tx.tenantId,
      skips.map(({ campaignId }) => campaignId),
      skips.map(({ step }) => step),
      skips.map(({ reason }) => reason),
      skips.map(({ n }) => n),
    ],
  );
}

/**
 * Ends those of the campaigns that have nothing open any more, each in the way that it was going. Behind `lockLedgers`.
 * A campaign that is being planned has not begun, however little is open; one that waits for what may come back has not
 * ended.
 */
export async function settle(tx: Tx, campaignIds: readonly string[], at: Date): Promise<void> {
  const ended = await tx.query<{ id: string }>(
    `with closed as (
       update campaign_ledger l set ended = true, changed_at = $3
       from campaign c
       where l.tenant_id = $1 and l.campaign_id = any ($2::uuid[]) and l.open = 0 and not l.ended
         and c.tenant_id = l.tenant_id and c.campaign_id = l.campaign_id
         and (c.state in ('cancelling', 'failing')
           or (c.state in ('running', 'paused') and (l.deliveries_until is null or l.deliveries_until <= $3)))
       returning l.campaign_id
     )
     update campaign c
     set finished_at = $3,
         state = case c.state when 'cancelling' then 'cancelled' when 'failing' then 'failed' else 'completed' end
     from closed
     where c.tenant_id = $1 and c.campaign_id = closed.campaign_id
     returning c.campaign_id as id`,
    [tx.tenantId, campaignIds, at],
  );
  if (ended.length === 0) return;
  // Their work is locked before their ledger by everybody else, so nobody is waited for here: whoever holds it at this
  // moment waits for the ledger, finds the campaign ended, and removes it.
  await tx.execute(
    `delete from campaign_work
     where campaign_id = any (array(
       select campaign_id from campaign_work where campaign_id = any ($1::uuid[]) for update skip locked))`,
    [ended.map(({ id }) => id)],
  );
}

/** Behind the campaigns' locks: they run at least until then, since what was sent may come back and begin a step. */
export async function runAtLeastUntil(
  tx: Tx,
  waits: readonly { campaignId: string; dueAt: Date }[],
): Promise<void> {
  if (waits.length === 0) return;
  await tx.execute(
    `update campaign_ledger l set deliveries_until = greatest(l.deliveries_until, w.until)
     from unnest($2::uuid[], $3::timestamptz[]) as w (campaign_id, until)
     where l.tenant_id = $1 and l.campaign_id = w.campaign_id`,
    [tx.tenantId, waits.map(({ campaignId }) => campaignId), waits.map(({ dueAt }) => dueAt)],
  );
}

/** Until when campaigns wait for what may come back; those that wait for nothing are not in it. */
export async function deliveriesUntil(tx: Tx, campaignIds: readonly string[]): Promise<Map<string, Date>> {
  const rows = await tx.query<{ campaign_id: string; until: Date }>(
    `select campaign_id, deliveries_until as until from campaign_ledger
     where tenant_id = $1 and campaign_id = any ($2::uuid[]) and deliveries_until is not null`,
    [tx.tenantId, campaignIds],
  );
  return new Map(rows.map((row) => [row.campaign_id, row.until]));
}

export const EMPTY: Ledger = {
  ...{ audience: 0n, sent: 0n, skipped: 0n, failed: 0n, unknown: 0n, open: 0n, deferred: 0n },
  skippedByReason: {},
};

/** The ledgers of some campaigns, in one snapshot each: reasons and sum agree. */
export async function ledgersOf(tx: Tx, campaignIds: readonly string[]): Promise<Map<string, Ledger>> {
  const rows = await tx.query<LedgerRow>(
    `select l.campaign_id, l.audience, l.sent, l.skipped, l.failed, l.unknown, l.open, l.deferred,
       coalesce((select json_object_agg(s.reason, s.n::text) from campaign_skip s
                 where s.tenant_id = l.tenant_id and s.campaign_id = l.campaign_id), '{}') as reasons
     from campaign_ledger l
     where l.tenant_id = $1 and l.campaign_id = any ($2::uuid[])`,
    [tx.tenantId, campaignIds],
  );
  const ledgers = new Map(campaignIds.map((id) => [id, EMPTY]));
  for (const row of rows) ledgers.set(row['campaign_id'] ?? '', ledgerOf(row));
  return ledgers;
}

/** Counters as they come from the driver. */
export type LedgerRow = Record<string, string> & { reasons: Record<string, string> };

export function ledgerOf(row: LedgerRow): Ledger {
  const number = (key: string): bigint => BigInt(row[key] ?? 0);
  return {
    ...{ audience: number('audience'), sent: number('sent'), skipped: number('skipped') },
    ...{ failed: number('failed'), unknown: number('unknown'), open: number('open') },
    deferred: number('deferred'),
    skippedByReason: Object.fromEntries(
      Object.entries(row.reasons).map(([reason, n]) => [reason, BigInt(n)]),
    ),
  };
}
