import type pg from 'pg';
import { when, type Finding } from './finding.js';

/** Campaigns with intents of which nobody could tell whether they were handed over. */
export async function unknownFinding(client: pg.Client): Promise<Finding> {
  const { rows } = await client.query<{ campaign_id: string; unknown: string; of_all: string }>(
    `select campaign_id, sum(unknown) as unknown, sum(sum(unknown)) over () as of_all from campaign_ledger
     where unknown > 0 group by campaign_id order by sum(unknown) desc limit 5`,
  );
  const ids = rows.map(({ campaign_id: id, unknown }) => `${id} (${unknown})`).join(', ');
  const found = rows.length > 0 ? `${rows[0]!.of_all}, most of them of ${ids}` : 'none';
  return when(rows.length > 0, 'note', 'intents that are unknown', found, {
    why: 'I7: they are never sent again; until somebody looks them up nobody knows whom they reached',
    cure: 'docs/runbooks/unknowns-left.md: heed campaigns intents ID --outcome unknown, then heed campaigns resolve',
  });
}
