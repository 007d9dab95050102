import { type Tx } from '@heed/postgres';
import { type Channel } from '../campaigns/campaign.js';
import { ledgerOf, type LedgerRow } from './ledger.store.js';
import { type Ledger } from './ledger.js';

/** Empty ones, in the order of the steps. */
export async function openStepLedgers(
  tx: Tx,
  campaignId: string,
  steps: readonly { step: number }[],
  at: Date,
): Promise<void> {
  await tx.execute(
    `insert into campaign_step_ledger (tenant_id, campaign_id, step, paced_at)
     select $1, $2, step, $4 from unnest($3::smallint[]) step order by step`,
    [tx.tenantId, campaignId, steps.map(({ step }) => step), at],
  );
}

/** What a step has to hand out, and its pace so far. */
export interface StepPace {
  step: number;
  channel: Channel;
  templateId: string;
  ratePerSecond: number;
  /** Neither with a sender nor waiting for their time. */
  planned: bigint;
  deferred: bigint;
  inFlight: bigint;
  credit: number;
  pacedAt: Date;
}

/** Behind the campaign's lock: those of its steps that have something to hand out, now or later. */
export async function pacesOf(tx: Tx, campaignId: string): Promise<StepPace[]> {
  const rows = await tx.query<
    Omit<StepPace, 'planned' | 'deferred' | 'inFlight'> & Record<'planned' | 'deferred' | 'inFlight', string>
  >(
    `select s.step, s.channel, s.template_id as "templateId", s.rate_per_second as "ratePerSecond",
       l.open - l.in_flight - l.deferred as planned, l.deferred, l.in_flight as "inFlight", l.credit,
       l.paced_at as "pacedAt"
     from campaign_step_ledger l
     join campaign_step s using (tenant_id, campaign_id, step)
     where l.tenant_id = $1 and l.campaign_id = $2 and l.open > l.in_flight
     order by s.step`,
    [tx.tenantId, campaignId],
  );
  return rows.map(({ planned, deferred, inFlight, ...row }) => ({
    ...row,
    ...{ planned: BigInt(planned), deferred: BigInt(deferred), inFlight: BigInt(inFlight) },
  }));
}

export async function savePace(
  tx: Tx,
  campaignId: string,
  step: number,
  { credit, pacedAt, hasHandedOut }: Pick<StepPace, 'credit' | 'pacedAt'> & { hasHandedOut: boolean },
): Promise<void> {
  // After its last change, whatever the clocks of those who did the one and the other say.
  await tx.execute(
    `update campaign_step_ledger set credit = $4, paced_at = $5,
       handed_out_at = coalesce(handed_out_at, case when $6 then greatest($5, edited_at) end)
     where tenant_id = $1 and campaign_id = $2 and step = $3`,
    [tx.tenantId, campaignId, step, credit, pacedAt, hasHandedOut],
  );
}

/** Behind the campaign's lock: whether a step has anybody, and whether any of them were handed out. */
export async function reachedBy(
  tx: Tx,
  campaignId: string,
  step: number,
): Promise<{ isPlanned: boolean; isHandedOut: boolean }> {
  const [row] = await tx.query<{ planned: boolean; handed_out: boolean }>(
    `select audience > 0 as planned, handed_out_at is not null as handed_out from campaign_step_ledger
     where tenant_id = $1 and campaign_id = $2 and step = $3`,
    [tx.tenantId, campaignId, step],
  );
  return { isPlanned: row?.planned ?? false, isHandedOut: row?.handed_out ?? false };
}

/** Of a step that nobody was ever planned for: the sums of its campaign stay what they are. */
export async function closeStepLedger(tx: Tx, campaignId: string, step: number): Promise<void> {
  await tx.execute(
    `delete from campaign_step_ledger
     where tenant_id = $1 and campaign_id = $2 and step = $3 and audience = 0 and handed_out_at is null`,
    [tx.tenantId, campaignId, step],
  );
}

export async function noteEdited(tx: Tx, campaignId: string, step: number, at: Date): Promise<void> {
  await tx.execute(
    'update campaign_step_ledger set edited_at = $4 where tenant_id = $1 and campaign_id = $2 and step = $3',
    [tx.tenantId, campaignId, step, at],
  );
}

/** The pace of every step begins anew: what was not handed out before is not made up for. */
export async function resetPaces(tx: Tx, campaignId: string, at: Date): Promise<void> {
  await tx.execute(
    'update campaign_step_ledger set credit = 0, paced_at = $3 where tenant_id = $1 and campaign_id = $2',
    [tx.tenantId, campaignId, at],
  );
}

/** The ledgers of the steps of some campaigns, in one snapshot each: reasons and sum agree. */
export async function stepLedgersOf(
  tx: Tx,
  campaignIds: readonly string[],
): Promise<Map<string, Map<number, Ledger>>> {
  const rows = await tx.query<LedgerRow & { step: number }>(
    `select l.campaign_id, l.step, l.audience, l.sent, l.skipped, l.failed, l.unknown, l.open, l.deferred,
       coalesce((select json_object_agg(s.reason, s.n::text) from campaign_step_skip s
                 where s.tenant_id = l.tenant_id and s.campaign_id = l.campaign_id and s.step = l.step), '{}') as reasons
     from campaign_step_ledger l
     where l.tenant_id = $1 and l.campaign_id = any ($2::uuid[])`,
    [tx.tenantId, campaignIds],
  );
  const ledgers = new Map(campaignIds.map((id) => [id, new Map<number, Ledger>()]));
  for (const row of rows) ledgers.get(row['campaign_id'] ?? '')?.set(row.step, ledgerOf(row));
  return ledgers;
}
