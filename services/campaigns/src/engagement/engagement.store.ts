import { type Tx } from '@heed/postgres';
import { type Engagement, type EngagementChange } from './engagement.js';

/** Moves the counters; in order of their keys, so that two transactions wait for each other and never in a circle. */
export async function addEngagements(tx: Tx, changes: readonly EngagementChange[]): Promise<void> {
  await tx.execute(
    `insert into campaign_engagement as c
       (tenant_id, campaign_id, step, opens, openers, clicks, clickers, automated_opens, automated_clicks)
     select $1, campaign_id, step, sum(opens), sum(openers), sum(clicks), sum(clickers), sum(automated_opens),
       sum(automated_clicks)
     from unnest($2::uuid[], $3::smallint[], $4::int[], $5::int[], $6::int[], $7::int[], $8::int[], $9::int[])
       as n (campaign_id, step, opens, openers, clicks, clickers, automated_opens, automated_clicks)
     group by campaign_id, step
     order by campaign_id, step
     on conflict (tenant_id, campaign_id, step) do update set
       opens = c.opens + excluded.opens, openers = c.openers + excluded.openers,
       clicks = c.clicks + excluded.clicks, clickers = c.clickers + excluded.clickers,
       automated_opens = c.automated_opens + excluded.automated_opens,
       automated_clicks = c.automated_clicks + excluded.automated_clicks`,
    [
      tx.tenantId,
      changes.map(({ campaignId }) => campaignId),
      changes.map(({ step }) => step),
      changes.map(({ opens }) => opens),
      changes.map(({ openers }) => openers),
      changes.map(({ clicks }) => clicks),
      changes.map(({ clickers }) => clickers),
      changes.map(({ automatedOpens }) => automatedOpens),
      changes.map(({ automatedClicks }) => automatedClicks),
    ],
  );
}

/** Of these campaigns, all steps together. */
export async function engagementsOf(
  tx: Tx,
  campaignIds: readonly string[],
): Promise<Map<string, Engagement>> {
  const rows = await tx.query<{ campaign_id: string } & Record<string, string>>(
    `select campaign_id, sum(opens) as opens, sum(openers) as openers, sum(clicks) as clicks, sum(clickers) as clickers,
       sum(automated_opens) as automated_opens, sum(automated_clicks) as automated_clicks
     from campaign_engagement where tenant_id = $1 and campaign_id = any ($2::uuid[]) group by campaign_id`,
    [tx.tenantId, campaignIds],
  );
  const found = rows.map((row): [string, Engagement] => [
    row.campaign_id,
    {
      ...{ opens: count(row.opens), openers: count(row.openers) },
      ...{ clicks: count(row.clicks), clickers: count(row.clickers) },
      ...{ automatedOpens: count(row.automated_opens), automatedClicks: count(row.automated_clicks) },
    },
  ]);
  return new Map(found);
}

/** Below zero only where messaging's database was set back, and told again what it had told before. */
function count(sum: string | undefined): bigint {
  const counted = BigInt(sum ?? '0');
  return counted < 0n ? 0n : counted;
}
