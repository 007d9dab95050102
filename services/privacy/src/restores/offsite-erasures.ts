import { datarightsV1 } from '@heed/contracts';
import { DataRights } from '@heed/data-rights';
import { UnitOfWork } from '@heed/postgres';
import { type OffsiteLog } from '@heed/service';
import { addAllOffsite, OFFSITE_LOG, takeBack, type LedgerEntry } from './erasures.store.js';

/**
 * The erasure ledger, as it is written: whoever was erased since the newest backup is erased again after a restore, in
 * privacy and, since they ask it, in all others, also where Kafka was lost too (ATTACKS 5.5).
 */
export const offsiteErasures: OffsiteLog = {
  name: OFFSITE_LOG,
  table: 'issued_batch',
  addAll: addAllOffsite,
  take: async (get, tenantId, payloads) => {
    const entries = payloads.map((payload) => JSON.parse(payload.toString('utf8')) as LedgerEntry);
    await get(UnitOfWork).run(tenantId, (tx) => takeBack(tx, entries));
    // What privacy itself holds of them.
    for (const { issued } of entries) {
      const orders = datarightsV1.OrdersIssued.decode(Buffer.from(issued, 'base64'));
      await get(DataRights).takeFromLedger(tenantId, orders);
    }
  },
};
