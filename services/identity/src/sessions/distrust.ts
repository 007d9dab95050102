import { CLOCK, NIL_UUID, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { type ResyncStep } from '@heed/service';
import { endAll, tenantIds } from './distrust.store.js';

/**
 * After a restore sessions and keys that had been ended since the backup are open again, and nothing says which: all of
 * them end. Members sign in anew, API keys are made anew (ATTACKS 5.10).
 */
export const distrust: readonly ResyncStep[] = [
  {
    name: 'sessions',
    run: async ({ get, progress }) => {
      const tenants = await endEverywhere(get(UnitOfWork), get<Clock>(CLOCK));
      await progress(tenants, tenants);
    },
  },
];

export async function endEverywhere(uow: UnitOfWork, clock: Clock): Promise<number> {
  // Operators stand outside tenants, and have sessions too.
  const tenants = [NIL_UUID, ...(await uow.run(NIL_UUID, tenantIds))];
  for (const tenantId of tenants) await uow.run(tenantId, (tx) => endAll(tx, clock.now()));
  return tenants.length;
}
