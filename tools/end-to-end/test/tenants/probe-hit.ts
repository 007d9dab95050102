import { newId } from '@heed/kernel';
import { type SixServices } from '../world/six-services.js';
import { rowsOf } from './rows-of.js';

/** As a sweep would have found it: nothing is left of anybody by itself. */
export async function plantHit(six: SixServices, tenantId: string, requestId: string): Promise<string> {
  const [row] = await rowsOf<{ hit_id: string }>(
    six,
    'privacy',
    `insert into probe_hit (tenant_id, hit_id, request_id, sweep_id, service, store, column_name, row_key, found_at)
     values ($1, $2, $3, $2, 'contacts', 'endpoint', 'address', '{}', '2026-01-01T00:00:00Z') returning hit_id`,
    [tenantId, newId(), requestId],
  );
  return row!.hit_id;
}
