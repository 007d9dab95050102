import { newId } from '@heed/kernel';
import { Sealing } from '@heed/sealing';
import { type SixServices } from '../world/six-services.js';
import { rowsOf } from './rows-of.js';

/** As a call over a trunk would have left it: the simulated carrier carries no sound. */
export async function plantDoubt(six: SixServices, tenantId: string, contactId: string): Promise<string> {
  const heardId = newId();
  const sealing = six.cluster.service('telephony').get(Sealing);
  const place = { table: 'heard_opt_out', row: heardId, column: 'words' };
  const understood = Buffer.from(JSON.stringify({ readings: ['not interested'], atMs: 1_000 }));
  const words = await sealing.seal(tenantId, contactId, place, understood);
  await rowsOf(
    six,
    'telephony',
    `insert into heard_opt_out (tenant_id, heard_id, call_id, contact_id, words, decide_by, heard_at)
     values ($1, $2, $2, $3, $4, '2099-01-01T00:00:00Z', '2026-01-01T00:00:00Z') returning heard_id`,
    [tenantId, heardId, contactId, words],
  );
  return heardId;
}
