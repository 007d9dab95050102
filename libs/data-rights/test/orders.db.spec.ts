import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { datarightsV1 } from '@heed/contracts';
import { newId, SigningKey } from '@heed/kernel';
import { Clinic, ERASE, PROBE } from './clinic.js';

describe('6.1 an order', () => {
  let clinic: Clinic;
  let ada: string;
  beforeAll(async () => {
    clinic = await Clinic.open();
    ada = await clinic.admit();
  });
  afterAll(() => clinic.close());

  /** Whatever was refused has left everything as it was. */
  const refused = async (delivery: Promise<void>, reason: string): Promise<void> => {
    await expect(delivery).rejects.toMatchObject({ reason, kind: 'failed-precondition' });
    expect(await clinic.due.runDue()).toBe(0);
    expect(await clinic.rows(`select name from patient where contact_id = '${ada}'`)).toEqual([
      { name: 'Ada' },
    ]);
  };

  it('that somebody signed whose key is not one of privacy is refused', async () => {
    const stranger = SigningKey.generate();
    await refused(
      clinic.deliver(clinic.issue(ERASE, [clinic.order(ada)], {}, stranger)),
      'ORDER_KEY_UNKNOWN',
    );
    const named = {
      ...clinic.issue(ERASE, [clinic.order(ada)], {}, stranger),
      keyId: clinic.privacyKey.keyId,
    };
    await refused(clinic.deliver(named), 'ORDER_FORGED');
  });

  it('whose bytes were altered is refused', async () => {
    const issued = clinic.issue(ERASE, [clinic.order(newId())]);
    const batch = datarightsV1.OrderBatch.decode(issued.batch);
    batch.orders[0]!.subjectId = ada;
    const altered = { ...issued, batch: Buffer.from(datarightsV1.OrderBatch.encode(batch).finish()) };
    await refused(clinic.deliver(altered), 'ORDER_FORGED');
  });

  it('for another tenant is refused, whichever of envelope and batch was changed', async () => {
    const issued = clinic.issue(ERASE, [clinic.order(ada)]);
    await refused(clinic.deliver(issued, newId()), 'ORDER_OF_ANOTHER_TENANT');
    await refused(
      clinic.deliver(clinic.issue(ERASE, [clinic.order(ada)], { tenantId: newId() })),
      'ORDER_OF_ANOTHER_TENANT',
    );
  });

  it('with a number that was passed already is refused, and so is another order under the same number', async () => {
    const bob = await clinic.admit();
    const first = clinic.order(bob);
    await clinic.carryOut(PROBE, [first]);
    await clinic.carryOut(PROBE, [clinic.order(bob, 5)]);
    for (const number of [1, 4, 5]) {
      await expect(clinic.deliver(clinic.issue(ERASE, [clinic.order(bob, number)]))).rejects.toMatchObject({
        reason: 'ORDER_STALE',
      });
    }
    expect(await clinic.rows(`select 1 from patient where contact_id = '${bob}'`)).toHaveLength(1);
  });

  it('that is the very same again is answered the same again, and carried out once', async () => {
    const bob = await clinic.admit();
    const issued = clinic.issue(ERASE, [clinic.order(bob)]);
    await clinic.deliver(issued);
    await clinic.deliver(issued);
    await clinic.finish();
    const { receipt } = await clinic.answered(issued.batchId);
    await clinic.deliver(issued);
    await clinic.finish();
    const published = (await clinic.published()).filter(({ batchId }) => batchId === issued.batchId);
    expect(published).toEqual([receipt, receipt]);
  });

  it('under the id of another batch is refused', async () => {
    const issued = clinic.issue(PROBE, [clinic.order(newId())]);
    await clinic.deliver(issued);
    const other = clinic.issue(ERASE, [clinic.order(ada)], { batchId: issued.batchId });
    await expect(clinic.deliver(other)).rejects.toMatchObject({ reason: 'ORDER_ALTERED' });
  });

  it('that makes no sense is refused though it is signed', async () => {
    const nonsense: Partial<datarightsV1.OrderBatch>[] = [
      { orders: [] },
      { issuedAt: 'tomorrow' },
      { batchId: 'one' },
    ];
    for (const more of nonsense) {
      await expect(clinic.deliver(clinic.issue(ERASE, [clinic.order(ada)], more))).rejects.toMatchObject({
        reason: 'ORDER_MALFORMED',
      });
    }
    for (const orders of [
      [clinic.order(ada, 0)],
      [clinic.order('ada')],
      [clinic.order(ada), clinic.order(ada, 2)],
    ]) {
      await expect(clinic.deliver(clinic.issue(ERASE, orders))).rejects.toMatchObject({
        reason: 'ORDER_MALFORMED',
      });
    }
    await expect(clinic.deliver(clinic.issue(0, [clinic.order(ada)]))).rejects.toMatchObject({
      reason: 'ACTION_UNKNOWN',
    });
  });
});
