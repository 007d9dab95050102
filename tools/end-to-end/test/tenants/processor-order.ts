import { type SixServices } from '../world/six-services.js';
import { rowsOf } from './rows-of.js';

/** As if something had been handed to somebody else: no processor is declared where tenants are tried. */
export async function plantProcessorOrder(
  six: SixServices,
  tenantId: string,
  requestId: string,
): Promise<string> {
  const [row] = await rowsOf<{ id: string }>(
    six,
    'privacy',
    `insert into processor_order (tenant_id, processor_order_id, request_id, store, name, channels, handed_over, state,
       created_at)
     values ($1, gen_random_uuid(), $2, 'messaging.relay', 'Relay', '{email}', 1, 'NOT_TOLD', '2026-01-01T00:00:00Z')
     returning processor_order_id as id`,
    [tenantId, requestId],
  );
  return row!.id;
}
