import { datarightsV1 } from '@heed/contracts';
import { DataRights } from '@heed/data-rights';
import { type OffsiteLog } from '@heed/service';
import { addAllOffsite, OFFSITE_LOG, type LedgerEntry } from './erasures.store.js';
import { ReturnRequests } from './return-requests.js';

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
    const issued = entries.map((entry) =>
      datarightsV1.OrdersIssued.decode(Buffer.from(entry.issued, 'base64')),
    );
    const batches = issued.map(({ batch }) => datarightsV1.OrderBatch.decode(batch));
    await get(ReturnRequests).takeBatches(tenantId, entries, batches);
    // What privacy itself holds of them.
    for (const orders of issued) await get(DataRights).takeFromLedger(tenantId, orders);
  },
};
