import { declareInfrastructure } from '@heed/data-map';
import { type AcrossTx, type Tx } from '@heed/postgres';
import { currentTraceparent } from '@heed/telemetry';

export const workTable = declareInfrastructure({
  table: 'public.campaign_work',
  description: 'campaigns that have something to do, claimed fairly over tenants',
  columns: {
    ...{ campaign_id: 'id', tenant_id: 'id', due_at: 'time', leased_until: 'time' },
    ...{ fence: 'number', dispatched_to: 'number', credit: 'number', paced_at: 'time' },
    ...{ traceparent: 'digest', held_since: 'time' },
  },
  tenants: 'open',
});

export interface Work {
  campaignId: string;
  tenantId: string;
  dueAt: Date;
  fence: bigint;
  dispatchedTo: bigint;
  /** When the campaign was last served. */
  servedAt: Date;
  /** Of whoever started, resumed or cancelled it last. */
  traceparent: string | undefined;
}

interface WorkRow {
  campaign_id: string;
  tenant_id: string;
  due_at: Date;
  fence: string;
  dispatched_to: string;
  paced_at: Date;
  traceparent: string | null;
}

/** Makes the campaign due at `at`. Also locks its row, before that of its ledger. */
export async function wakeWork(tx: Tx, campaignId: string, at: Date): Promise<void> {
  await tx.execute(
    `insert into campaign_work as w (campaign_id, tenant_id, due_at, paced_at, traceparent) values ($1, $2, $3, $3, $4)
     on conflict (campaign_id) do update
     set due_at = least(w.due_at, excluded.due_at), paced_at = excluded.paced_at, traceparent = excluded.traceparent,
       held_since = null
     where w.tenant_id = excluded.tenant_id`,
    [campaignId, tx.tenantId, at, currentTraceparent() ?? null],
  );
}

/**
 * Locks one campaign that is due and nobody else's, until the transaction ends. Fair over tenants: of those who have
 * something due, the one who was served longest ago comes first, however many campaigns another has.
 */
export async function claimDue(tx: AcrossTx, at: Date): Promise<Work | undefined> {
  const [row] = await tx.query<WorkRow>(
    `select w.campaign_id, w.tenant_id, w.due_at, w.fence, w.dispatched_to, w.paced_at, w.traceparent
     from campaign_work w
     join (select tenant_id, max(paced_at) as served_at from campaign_work group by tenant_id) t using (tenant_id)
     where w.due_at <= $1 and w.leased_until <= $1
     order by t.served_at, w.due_at
     limit 1
     for update of w skip locked`,
    [at],
  );
  return row && workOf(row);
}

/** When the next campaign is due, those with a planner included; and how many wait for a person. */
export async function outlook(tx: AcrossTx): Promise<{ nextDueAt: Date | undefined; held: number }> {
  const [row] = await tx.query<{ at: Date | null; held: string }>(
    `select min(greatest(due_at, leased_until)) filter (where due_at < 'infinity') as at,
       count(*) filter (where held_since is not null) as held
     from campaign_work where due_at < 'infinity' or held_since is not null`,
  );
  return { nextDueAt: row?.at ?? undefined, held: Number(row?.held ?? 0) };
}

/** The campaign waits until a person wakes it. */
export async function holdWork(tx: Tx, campaignId: string, at: Date): Promise<void> {
  await tx.execute(`update campaign_work set due_at = 'infinity', held_since = $2 where campaign_id = $1`, [
    campaignId,
    at,
  ]);
}

export async function saveWork(tx: Tx, work: Work, next: { dueAt: Date | 'infinity' }): Promise<void> {
  await tx.execute(
    `update campaign_work set due_at = $2, dispatched_to = $3, paced_at = $4 where campaign_id = $1`,
    [work.campaignId, next.dueAt, work.dispatchedTo, work.servedAt],
  );
}

/** Locks the work of campaigns, in order of id: before their ledgers, by whoever may have to wake them. */
export async function lockWork(tx: Tx, campaignIds: readonly string[]): Promise<void> {
  await tx.execute(
    `select 1 from campaign_work where campaign_id = any ($1::uuid[]) and tenant_id = $2
     order by campaign_id for no key update`,
    [campaignIds, tx.tenantId],
  );
}

/** Behind `lockWork`: looks after the campaigns no later than when something of theirs is due. */
export async function bringForward(
  tx: Tx,
  due: readonly { campaignId: string; dueAt: Date }[],
): Promise<void> {
  if (due.length === 0) return;
  await tx.execute(
    `update campaign_work w set due_at = e.due_at
     from (select campaign_id, min(due_at) as due_at from unnest($1::uuid[], $2::timestamptz[])
             as e (campaign_id, due_at) group by campaign_id) e
     where w.campaign_id = e.campaign_id and w.tenant_id = $3 and e.due_at < w.due_at`,
    [due.map(({ campaignId }) => campaignId), due.map(({ dueAt }) => dueAt), tx.tenantId],
  );
}

export async function removeWork(tx: Tx, campaignId: string): Promise<void> {
  await tx.execute('delete from campaign_work where campaign_id = $1', [campaignId]);
}

/** Gives the campaign to a planner. Its number outdates every planner before. */
export async function lease(tx: Tx, work: Work, until: Date): Promise<bigint> {
  const [row] = await tx.query<{ fence: string }>(
    'update campaign_work set fence = fence + 1, leased_until = $2 where campaign_id = $1 returning fence',
    [work.campaignId, until],
  );
  return BigInt(row?.fence ?? 0);
}

/** Locks the work of whoever holds this lease and prolongs it. False: another holds it, stop. */
export async function holdLease(tx: Tx, campaignId: string, fence: bigint, until: Date): Promise<boolean> {
  const held = await tx.execute(
    'update campaign_work set leased_until = $3 where campaign_id = $1 and fence = $2',
    [campaignId, fence, until],
  );
  return held === 1;
}

/** Gives the lease back: the campaign is due at `at`. */
export async function endLease(tx: Tx, campaignId: string, fence: bigint, at: Date): Promise<boolean> {
  const ended = await tx.execute(
    `update campaign_work set leased_until = '-infinity', due_at = $3, paced_at = $3
     where campaign_id = $1 and fence = $2`,
    [campaignId, fence, at],
  );
  return ended === 1;
}

function workOf(row: WorkRow): Work {
  return {
    campaignId: row.campaign_id,
    tenantId: row.tenant_id,
    dueAt: row.due_at,
    fence: BigInt(row.fence),
    dispatchedTo: BigInt(row.dispatched_to),
    servedAt: row.paced_at,
    traceparent: row.traceparent ?? undefined,
  };
}
