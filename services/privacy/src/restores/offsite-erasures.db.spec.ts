import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { datarightsV1 } from '@heed/contracts';
import { signOrders } from '@heed/data-rights';
import { beginOffsite, offsiteDue } from '@heed/events';
import { newId, SigningKey } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { migrationsOf } from '@heed/service';
import { createTestDatabase, type TestDatabase } from '@heed/testing';
import { addBatch, isOut } from '../orders/order.store.js';
import { privacy } from '../service.js';
import { addAllOffsite, OFFSITE_LOG, takeBack, type LedgerEntry } from './erasures.store.js';
import { ReadErasures } from './read-erasures.js';

const AT = new Date('2026-11-27T10:00:00.123Z');

describe('5.5 the erasure ledger off site', () => {
  const tenantId = newId();
  const key = SigningKey.generate();
  let database: TestDatabase;
  let uow: UnitOfWork;
  beforeAll(async () => {
    database = await createTestDatabase('privacy', migrationsOf(privacy));
    uow = new UnitOfWork(database.open({ entities: [...privacy.entities] }));
    await uow.runAcross('service', (tx) => beginOffsite(tx, OFFSITE_LOG));
  });
  afterAll(() => database?.drop());

  async function issue(action: 'ERASE' | 'PROBE'): Promise<datarightsV1.OrdersIssued> {
    const batchId = newId();
    const wire = action === 'ERASE' ? datarightsV1.Action.ACTION_ERASE : datarightsV1.Action.ACTION_PROBE;
    const issued = signOrders(
      { batchId, tenantId, action: wire, orders: [], issuedAt: AT.toISOString(), manifests: {} },
      key,
    );
    const bytes = Buffer.from(datarightsV1.OrdersIssued.encode(issued).finish());
    const batch = { batchId, action, issued: bytes, services: ['contacts', 'identity'], orderIds: [] };
    await uow.run(tenantId, (tx) => addBatch(tx, batch, AT));
    return issued;
  }
  async function due(): Promise<LedgerEntry[]> {
    const rows = await uow.runAcross('service', (tx) => offsiteDue(tx, OFFSITE_LOG, 100));
    return rows.map(({ payload }) => JSON.parse(payload.toString()) as LedgerEntry);
  }
  async function ledger(): Promise<datarightsV1.OrdersIssued[]> {
    const found: datarightsV1.OrdersIssued[] = [];
    for await (const orders of new ReadErasures(uow).since(tenantId, new Date(0))) found.push(orders);
    return found;
  }

  it('tells all others again, after a restore, who was erased since the backup', async () => {
    const erased = await issue('ERASE');
    await issue('PROBE');
    const entries = await due();
    expect(entries).toHaveLength(1);
    // What was there before copies were made says the same.
    await uow.run(tenantId, addAllOffsite);
    const [, before] = await due();
    expect({ ...before, issuedAt: new Date(before!.issuedAt) }).toEqual({ ...entries[0], issuedAt: AT });

    // The backup knows nothing of it.
    await uow.run(tenantId, (tx) => tx.execute('delete from issued_batch where tenant_id = $1', [tenantId]));
    expect(await ledger()).toEqual([]);
    await uow.run(tenantId, (tx) => takeBack(tx, entries));
    await uow.run(tenantId, (tx) => takeBack(tx, entries));
    expect(await ledger()).toEqual([erased]);
    // Its request was lost, and nobody waits for answers.
    expect(await uow.run(tenantId, (tx) => isOut(tx, 'ERASE', new Date(0)))).toBe(false);
  });
});
