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

export async function inFlightOf(tx: Tx, campaignId: string): Promise<bigint> {
  const [row] = await tx.query<{ in_flight: string }>(
    'select in_flight from campaign_ledger where tenant_id = $1 and campaign_id = $2',
    [tx.tenantId, campaignId],
  );
  return BigInt(row?.in_flight ?? 0);
}

export async function countPlanned(tx: Tx, campaignId: string, planned: number, at: Date): Promise<void> {
  await tx.execute(
    `update campaign_ledger set audience = audience + $3, open = open + $3, changed_at = $4
     where tenant_id = $1 and campaign_id = $2`,
    [tx.tenantId, campaignId, planned, at],
  );
}

export async function countDispatched(
  tx: Tx,
  campaignId: string,
  dispatched: number,
  at: Date,
): Promise<void> {
  await tx.execute(
    `update campaign_ledger set in_flight = in_flight + $3, changed_at = $4
     where tenant_id = $1 and campaign_id = $2`,
    [tx.tenantId, campaignId, dispatched, at],
  );
}

/** Behind `lockLedgers`. One statement a table: the equation holds before it and after it. */
export async function move(tx: Tx, movements: readonly Movement[], at: Date): Promise<void> {
  if (movements.length === 0) return;
  const of = (key: 'sent' | 'skipped' | 'failed' | 'unknown' | 'landed'): number[] =>
    movements.map((movement) => movement[key]);
  await tx.execute(
    `update campaign_ledger l
     set sent = l.sent + m.sent, skipped = l.skipped + m.skipped, failed = l.failed + m.failed,
         unknown = l.unknown + m.unknown, open = l.open - (m.sent + m.skipped + m.failed + m.unknown),
         in_flight = l.in_flight - m.landed, changed_at = $8
     from unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])
       as m (campaign_id, sent, skipped, failed, unknown, landed)
     where l.tenant_id = $1 and l.campaign_id = m.campaign_id`,
    [
      tx.tenantId,
      movements.map((movement) => movement.campaignId),
      ...[of('sent'), of('skipped'), of('failed'), of('unknown'), of('landed')],
      at,
    ],
  );
  const skips = movements.flatMap(({ campaignId, skips }) =>
    [...skips].map(([reason, n]) => ({ campaignId, reason, n })),
  );
  if (skips.length === 0) return;
  await tx.execute(
    `insert into campaign_skip as s (tenant_id, campaign_id, reason, n)
     select $1, * from unnest($2::uuid[], $3::text[], $4::bigint[])
     on conflict (tenant_id, campaign_id, reason) do update set n = s.n + excluded.n`,
    [
      tx.tenantId,
      skips.map(({ campaignId }) => campaignId),
      skips.map(({ reason }) => reason),
      skips.map(({ n }) => n),
    ],
  );
}

/**
 * Ends those of the campaigns that have nothing open any more, each in the way that it was going. Behind `lockLedgers`.
 * A campaign that is being planned has not begun, however little is open.
 */
export async function settle(tx: Tx, campaignIds: readonly string[], at: Date): Promise<void> {
  const ended = await tx.query<{ id: string }>(
    `with closed as (
       update campaign_ledger l set ended = true, changed_at = $3
       from campaign c
       where l.tenant_id = $1 and l.campaign_id = any ($2::uuid[]) and l.open = 0 and not l.ended
         and c.tenant_id = l.tenant_id and c.campaign_id = l.campaign_id
         and c.state in ('running', 'paused', 'cancelling', 'failing')
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

const EMPTY: Ledger = {
  ...{ audience: 0n, sent: 0n, skipped: 0n, failed: 0n, unknown: 0n, open: 0n },
  skippedByReason: {},
};

/** The ledgers of some campaigns, in one snapshot each: reasons and sum agree. */
export async function ledgersOf(tx: Tx, campaignIds: readonly string[]): Promise<Map<string, Ledger>> {
  const rows = await tx.query<Record<string, string> & { reasons: Record<string, string> }>(
    `select l.campaign_id, l.audience, l.sent, l.skipped, l.failed, l.unknown, l.open,
       coalesce((select json_object_agg(s.reason, s.n::text) from campaign_skip s
                 where s.tenant_id = l.tenant_id and s.campaign_id = l.campaign_id), '{}') as reasons
     from campaign_ledger l
     where l.tenant_id = $1 and l.campaign_id = any ($2::uuid[])`,
    [tx.tenantId, campaignIds],
  );
  const ledgers = new Map(campaignIds.map((id) => [id, EMPTY]));
  for (const row of rows) {
    const number = (key: string): bigint => BigInt(row[key] ?? 0);
    ledgers.set(row['campaign_id'] ?? '', {
      ...{ audience: number('audience'), sent: number('sent'), skipped: number('skipped') },
      ...{ failed: number('failed'), unknown: number('unknown'), open: number('open') },
      skippedByReason: Object.fromEntries(
        Object.entries(row.reasons).map(([reason, n]) => [reason, BigInt(n)]),
      ),
    });
  }
  return ledgers;
}
