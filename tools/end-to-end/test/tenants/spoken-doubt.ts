import { newId } from '@heed/kernel';
import { type SixServices } from '../world/six-services.js';
import { rowsOf } from './rows-of.js';

/** As a call over a trunk would have left it: the simulated carrier carries no sound. Its words are nobody's. */
export async function plantDoubt(six: SixServices, tenantId: string, contactId: string): Promise<string> {
  const [row] = await rowsOf<{ heard_id: string }>(
    six,
    'telephony',
    `insert into heard_opt_out (tenant_id, heard_id, call_id, contact_id, words, decide_by, heard_at)
     values ($1, $2, $2, $3, 'sealed', '2099-01-01T00:00:00Z', '2026-01-01T00:00:00Z') returning heard_id`,
    [tenantId, newId(), contactId],
  );
  return row!.heard_id;
}
