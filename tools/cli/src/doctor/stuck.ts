import { listParkedKeys } from '@heed/events';
import type pg from 'pg';
import { statementsOf } from '../databases.js';
import { when, type Finding } from './finding.js';

const MOST_KEYS = 1_000;

/** Keys that wait behind an event which a consumer could not handle. */
export async function stuckFinding(service: string, client: pg.Client): Promise<Finding> {
  const keys = await listParkedKeys(statementsOf(client), null, MOST_KEYS);
  const consumers = [...new Set(keys.map(({ consumer }) => consumer))];
  const found = keys.length > 0 ? `${keys.length} stand still: ${consumers.join(', ')}` : 'none stands still';
  return when(keys.length > 0, 'error', `${service} parked keys`, found, {
    why: 'I9: what is told about these people afterwards waits',
    cure: 'heed events parked says why; mend that, then heed events replay',
  });
}
