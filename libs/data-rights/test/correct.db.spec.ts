import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import { constraintOf } from '@heed/postgres';
import { brokenPromisesOf } from '@heed/testing';
import { type Correction } from '../src/index.js';
import { Clinic, CORRECT, ERASE, PROBE, RESTRICT, said, type Ordered } from './clinic.js';

describe('a correction', () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await Clinic.open();
  });
  afterAll(() => clinic.close());

  /** An order for it, whose values privacy knows. */
  function ordered(subjectId: string, orderNumber: number, name = 'Ada Byron', previous = ''): Ordered {
    const handle = newId();
    const correction: Correction = { field: 'name', value: name, endpointId: '', previous };
    clinic.corrected.set(handle, [correction]);
    return { ...clinic.order(subjectId, orderNumber), handle, corrects: true };
  }
  const following = (order: Ordered): Ordered => ({
    ...{ ...order, orderId: newId(), orderNumber: order.orderNumber + 1 },
  });
  const names = (id: string) =>
    clinic.asSuperuser<{ name: string }>(
      `select name from patient where contact_id = $1
       union all select addressee from invoice where contact_id = $1`,
      [id],
    );

  it('reaches every table that calls itself a copy; what was rightly said stays, and each store says which it is', async () => {
    const ada = await clinic.admit();
    const order = ordered(ada, 1);
    expect(said(await clinic.carryOut(CORRECT, [order]))).toMatchObject({
      ...{ patient: 'CORRECTED 1', invoice: 'CORRECTED 1', letter: 'RETAINED 1 letter_as_sent' },
      ...{ visit: 'RETAINED 2 record_of_visits', 'x-rays': 'RETAINED 2 record_of_contact' },
      ...{ 'subject-keys': 'NOTHING_HELD', backups: 'IN_BACKUP copy', barred: 'NOTHING_HELD' },
    });
    expect(await names(ada)).toEqual([{ name: 'Ada Byron' }, { name: 'Ada Byron' }]);
    expect(said(await clinic.carryOut(PROBE, [following(order)]))).toMatchObject({
      ...{
        patient: 'PROBED_CLEAN by_id',
        invoice: 'PROBED_CLEAN by_id',
        visit: 'RETAINED 2 record_of_visits',
      },
      ...{ 'subject-keys': 'PROBED_CLEAN by_id', backups: 'IN_BACKUP copy', barred: 'PROBED_CLEAN' },
    });
  });

  it('of what a service holds nothing of is answered, and its probe says that there was nothing of it', async () => {
    const ada = await clinic.admit();
    const order = ordered(ada, 1);
    clinic.corrected.set(order.handle!, [{ field: 'country', value: 'GB', endpointId: '', previous: '' }]);
    expect(said(await clinic.carryOut(CORRECT, [order]))).toMatchObject({
      ...{ patient: 'NOTHING_HELD', invoice: 'NOTHING_HELD', visit: 'RETAINED 2 record_of_visits' },
    });
    expect(said(await clinic.carryOut(PROBE, [following(order)]))).toMatchObject({
      ...{ patient: 'PROBED_CLEAN nothing_of_it', invoice: 'PROBED_CLEAN nothing_of_it' },
    });
    expect(await names(ada)).toEqual([{ name: 'Ada' }, { name: 'Ada' }]);
  });

  it('is found by its probe where a row says the old again, or another thing', async () => {
    const ada = await clinic.admit();
    const order = ordered(ada, 1);
    await clinic.carryOut(CORRECT, [order]);
    await clinic.asSuperuser(`update invoice set addressee = 'Ada' where contact_id = $1`, [ada]);
    expect(said(await clinic.carryOut(PROBE, [following(order)]))).toMatchObject({
      ...{ patient: 'PROBED_CLEAN by_id', invoice: 'PROBED_FOUND 1 by_id' },
    });
  });

  it('reaches whoever is restricted, by the order alone, and leaves them restricted', async () => {
    const ada = await clinic.admit();
    await clinic.carryOut(RESTRICT, [clinic.order(ada, 1)]);
    const order = ordered(ada, 2);
    expect(said(await clinic.carryOut(CORRECT, [order]))['patient']).toBe('CORRECTED 1');
    const renamed = clinic.work.run(clinic.tenant, (tx) =>
      tx.execute(`update patient set name = 'Eve' where tenant_id = $1 and contact_id = $2`, [
        ...[tx.tenantId, ada],
      ]),
    );
    expect(await renamed.then(() => undefined, constraintOf)).toBe('subject_restricted');
  });

  it('brings back nothing of whoever was erased, and asks nobody for the values', async () => {
    const ada = await clinic.admit();
    await clinic.carryOut(ERASE, [clinic.order(ada, 1)]);
    const order = { ...clinic.order(ada, 2), handle: newId(), corrects: true };
    const before = clinic.asked;
    expect(said(await clinic.carryOut(CORRECT, [order]))).toMatchObject({
      ...{ patient: 'NOTHING_HELD', invoice: 'RETAINED 1 tax_record' },
    });
    expect(said(await clinic.carryOut(PROBE, [following(order)]))).toMatchObject({
      ...{ patient: 'PROBED_CLEAN nothing_of_it', invoice: 'RETAINED 1 tax_record' },
    });
    expect(clinic.asked).toBe(before);
  });

  it('is not signed for while privacy does not say what to correct', async () => {
    const ada = await clinic.admit();
    const order = ordered(ada, 1);
    const [values] = [clinic.corrected.get(order.handle!)!];
    clinic.corrected.delete(order.handle!);
    const issued = clinic.issue(CORRECT, [order]);
    await clinic.deliver(issued);
    await clinic.finish();
    await expect(clinic.answered(issued.batchId)).rejects.toThrow('not signed yet');
    clinic.corrected.set(order.handle!, values);
    expect(said(await clinic.signed(issued.batchId))['patient']).toBe('CORRECTED 1');
  });

  it('is preceded by locks that a service takes, before anybody has to wait for the person', async () => {
    const ada = await clinic.admit();
    const order = ordered(ada, 1);
    const free: number[] = [];
    class Precedes {
      readonly store = 'index';
      correct = () => Promise.resolve(0);
      async before(_tx: unknown, corrections: readonly Correction[]): Promise<void> {
        expect(corrections).toEqual(clinic.corrected.get(order.handle!));
        const locked = 'select 1 from heed.subject where subject_id = $1 for update nowait';
        free.push((await clinic.asSuperuser(locked, [ada])).length);
      }
    }
    const precedes = new Precedes();
    clinic.special.addCorrection(precedes);
    await clinic.carryOut(CORRECT, [order]);
    clinic.special.corrections.delete(precedes.store);
    expect(free).toEqual([1]);
  });

  it('is followed by what a service does besides, in the same transaction', async () => {
    const ada = await clinic.admit();
    class Follows {
      readonly store = 'index';
      readonly done: string[] = [];
      correct = () => Promise.resolve(0);
      async after(_tx: unknown, { subjectId }: { subjectId: string }): Promise<void> {
        this.done.push(subjectId);
      }
    }
    const follows = new Follows();
    clinic.special.addCorrection(follows);
    await clinic.carryOut(CORRECT, [ordered(ada, 1)]);
    clinic.special.corrections.delete(follows.store);
    expect(follows.done).toEqual([ada]);
  });

  it('6.1 that is forged, played again, older than another or for two at once is refused', async () => {
    const [ada, bo] = [await clinic.admit(), await clinic.admit()];
    const [first, second] = [ordered(ada, 1, 'First'), ordered(ada, 2, 'Second')];
    const issued = clinic.issue(CORRECT, [first]);
    const forged = { ...issued, batch: Buffer.from(issued.batch).fill(0, issued.batch.length - 1) };
    await expect(clinic.deliver(forged)).rejects.toMatchObject({ reason: 'ORDER_FORGED' });
    await clinic.carryOut(CORRECT, [second]);
    for (const late of [first, second])
      await expect(clinic.deliver(clinic.issue(CORRECT, [late]))).rejects.toMatchObject({
        reason: 'ORDER_STALE',
      });
    await expect(
      clinic.deliver(clinic.issue(CORRECT, [ordered(ada, 3), ordered(bo, 1)])),
    ).rejects.toMatchObject({
      reason: 'ORDER_MALFORMED',
    });
    // A probe for two rights, and an erasure that calls itself a correction.
    const mixed = [ordered(ada, 3), { ...clinic.order(bo, 1), corrects: false }];
    await expect(clinic.deliver(clinic.issue(PROBE, mixed))).rejects.toMatchObject({
      reason: 'ORDER_MALFORMED',
    });
    await expect(clinic.deliver(clinic.issue(ERASE, [ordered(bo, 1)]))).rejects.toMatchObject({
      reason: 'ORDER_MALFORMED',
    });
    expect((await names(ada))[0]).toEqual({ name: 'Second' });
  });

  it('leaves no value in a table of orders, an event or a statement', async () => {
    const ada = await clinic.admit();
    const order = ordered(ada, 1, 'Unmistakable Name');
    await clinic.carryOut(CORRECT, [order]);
    await clinic.carryOut(PROBE, [following(order)]);
    for (const table of [
      'outbox',
      'order_batch',
      'order_taken',
      'order_answers',
      'receipt',
      'receipt_opening',
      'due_work',
    ]) {
      const rows = await clinic.asSuperuser<{ found: boolean }>(
        `select 1 from heed.${table} t
         where t::text like '%Unmistakable%' or t::text like '%' || encode('Unmistakable', 'hex') || '%'`,
      );
      expect([table, rows]).toEqual([table, []]);
    }
    expect(await brokenPromisesOf(['I3', 'I5', 'I6', 'I8'], clinic.database)).toEqual([]);
  });
});
