import { UnitOfWork } from '@heed/postgres';
import { type OffsiteLog } from '@heed/service';
import { OFFSITE_ENTRY, OFFSITE_LOG, takeBack } from './suppression.store.js';

/**
 * Keyed hashes, as they are written: whoever opted out, or was erased, since the newest backup stays silent after a
 * restore, also where nobody knows any more that there was such a person (ATTACKS 5.5).
 */
export const offsiteSuppressions: OffsiteLog = {
  name: OFFSITE_LOG,
  table: 'suppression',
  addAll: async (tx) => {
    await tx.execute(
      `insert into heed.offsite_due (log, tenant_id, payload)
       select '${OFFSITE_LOG}', tenant_id, ${OFFSITE_ENTRY} from suppression where tenant_id = $1`,
      [tx.tenantId],
    );
  },
  take: async (get, tenantId, payloads) => {
    await get(UnitOfWork).run(tenantId, (tx) => takeBack(tx, payloads));
  },
};
