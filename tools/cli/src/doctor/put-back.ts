import { readQuarantine, readSteps } from '@heed/events';
import type pg from 'pg';
import { statementsOf } from '../databases.js';
import { when, type Finding } from './finding.js';

/** A service whose database was put back answers nothing until it has caught up. */
export async function putBackFinding(service: string, client: pg.Client): Promise<Finding> {
  const statements = statementsOf(client);
  const quarantine = await readQuarantine(statements);
  const step = (await readSteps(statements)).find(({ finishedAt }) => finishedAt === null)?.step;
  const found = quarantine
    ? `${quarantine.reason} since ${quarantine.since.toISOString()}${step ? `, catching up: ${step}` : ''}`
    : 'not in quarantine';
  return when(quarantine !== undefined, 'error', `${service} life`, found, {
    why: 'I5: erasures and opt-outs may be missing in it; it is silent, and nobody is reached by it',
    cure: `heed resync ${service} (docs/runbooks/restore.md)`,
  });
}
