import { setTimeout as pause } from 'node:timers/promises';
import { type Town } from './place.js';

const PATIENCE_MS = 15 * 60_000;
/** How often is looked: of many seldom, since looking costs what they are done with. */
const LOOK_MS = { few: 20, many: 250 };
const MANY = 100;

/** Waits until so many requests of the tenant are completed. */
export async function completed({ stage, cast }: Town, count: number): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  const rows = (): Promise<number> =>
    stage.databases.count(
      'privacy',
      `select count(*) from request where tenant_id = $1 and state = 'COMPLETED'`,
      [cast.tenantId],
    );
  for (let now = await rows(); now < count; now = await rows()) {
    if (performance.now() > until) throw new Error(`${now} of ${count} erasures completed in time`);
    await pause(count - now > MANY ? LOOK_MS.many : LOOK_MS.few);
  }
}
