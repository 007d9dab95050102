import { privacyV1 } from '@heed/contracts';
import { RpcClients } from '@heed/rpc';
import { type ResyncContext, type ResyncStep } from '@heed/service';
import { StopPermits } from './stop-permits.js';

/**
 * After a restore contacts asks privacy whom open requests silence. What was ordered is carried out again anyway; an
 * erasure that waits for a hold has ordered nothing, and its person must not be written to meanwhile.
 */
export const recoverStops: readonly ResyncStep[] = [{ name: 'stops', run: takeStops }];

async function takeStops({ get, tenants, signal, progress }: ResyncContext): Promise<void> {
  const restores = get(RpcClients).of(privacyV1.RestoresServiceService, 'privacy');
  const stopping = get(StopPermits);
  let taken = 0;
  for (const tenantId of await tenants()) {
    for await (const { stops } of restores.streamStops({}, { tenantId, signal })) {
      for (const [restricts, those] of Map.groupBy(stops, (stop) => stop.restricts)) {
        await stopping.again(tenantId, those, restricts);
      }
      await progress((taken += stops.length));
    }
  }
}
