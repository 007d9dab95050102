import type pg from 'pg';
import { when, type Finding } from './finding.js';

/** Campaigns that were due to start while nobody could begin them, and that a person has to look at. */
export async function heldFinding(client: pg.Client): Promise<Finding> {
  const { rows } = await client.query<{ campaign_id: string }>(
    'select campaign_id from campaign_work where held_since is not null order by held_since limit 5',
  );
  const ids = rows.map((row) => row.campaign_id).join(', ');
  const found = rows.length > 0 ? `start overdue: ${ids}` : 'none waits for a person';
  return when(rows.length > 0, 'warning', 'campaigns to be confirmed', found, {
    why: 'what is overdue does not start by itself: after an outage or a restore it may be too late, or done before',
    cure: 'heed campaigns list --state needs_confirmation, then heed campaigns confirm, schedule or cancel',
  });
}
