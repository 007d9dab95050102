import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import { isHeld } from '../src/index.js';
import { Clinic, ERASE } from './clinic.js';

const DAY_MS = 86_400_000;

describe('a hold that a service is told of', () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await Clinic.open();
  });
  afterAll(() => clinic.close());

  const holdOn = (subjectId: string) => {
    const holdId = newId();
    return {
      placed: { holdId, subjectId, released: false },
      released: { holdId, subjectId, released: true },
    };
  };
  const held = (subjectId: string, tenant = clinic.tenant) =>
    clinic.work.run(tenant, (tx) => isHeld(tx, subjectId));

  it('ends once, in whatever order and however often its placing and its release are told', async () => {
    const [ada, bo, cy] = [newId(), newId(), newId()];
    const [first, second, third] = [holdOn(ada), holdOn(bo), holdOn(cy)];
    await clinic.tellHolds(first.placed, first.placed, second.released);
    expect([await held(ada), await held(bo)]).toEqual([true, false]);
    await clinic.tellHolds(second.placed, first.released, third.released, third.placed);
    await clinic.tellHolds(first.placed);
    expect([await held(ada), await held(bo), await held(cy)]).toEqual([false, false, false]);
  });

  it('keeps its person until the last one on them has ended, and nobody of another tenant', async () => {
    const ada = newId();
    const [first, second] = [holdOn(ada), holdOn(ada)];
    await clinic.tellHolds(first.placed, second.placed);
    await clinic.tellHolds(first.released);
    expect([await held(ada), await held(ada, newId())]).toEqual([true, false]);
    await clinic.rights.takeHolds(clinic.tenant, [first.placed, second.released]);
    expect(await held(ada)).toBe(false);
  });

  it('keeps what a ground retains beyond the end of the ground, and it goes after the release', async () => {
    const [ada, bo] = [await clinic.admit(), await clinic.admit()];
    await clinic.carryOut(ERASE, [clinic.order(ada), clinic.order(bo)]);
    const hold = holdOn(ada);
    await clinic.tellHolds(hold.placed);
    const kept = async () =>
      (
        await clinic.asSuperuser<{ id: string }>(
          `select contact_id as id from invoice where retained_under = 'tax_record'
           union all select subject_id from heed.retention where store = 'invoice'`,
        )
      ).map(({ id }) => id);
    expect((await kept()).toSorted()).toEqual([ada, ada, bo, bo].toSorted());
    await clinic.clock.advance(31 * DAY_MS);
    await clinic.due.runDue();
    expect(await kept()).toEqual([ada, ada]);

    await clinic.tellHolds(hold.released);
    await clinic.clock.advance(DAY_MS + 1);
    await clinic.due.runDue();
    expect(await kept()).toEqual([]);
  });
});
