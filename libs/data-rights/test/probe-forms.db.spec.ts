import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import { type Identifier } from '../src/index.js';
import { Clinic, ERASE, PROBE, said, type Ordered } from './clinic.js';

const reached = (address: string): Identifier[] => [{ channel: 'email', address }];

describe('6.7 a probe that has what somebody was reached at', () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await Clinic.open();
    clinic.special.addSearch({
      ...{ store: 'patient', by: 'lower(t.name)' },
      forms: async (_tenantId, people) =>
        people.map((given) => given.map(({ address }) => address.toLowerCase())),
    });
  });
  afterAll(() => clinic.close());

  /** Somebody who was erased, and whose name in each table is what they are reached at. */
  async function erased(address: string): Promise<{ id: string; probe: Ordered & { handle: string } }> {
    const id = await clinic.admit();
    await named(id, address);
    await clinic.carryOut(ERASE, [clinic.order(id)]);
    const handle = newId();
    clinic.reachedAt.set(handle, reached(address));
    return { id, probe: { ...clinic.order(id, 2), handle } };
  }

  const named = (id: string, name: string) =>
    clinic.asSuperuser('update patient set name = $2 where contact_id = $1', [id, name]);
  const probed = async (order: Ordered) => said(await clinic.carryOut(PROBE, [order]))['patient'];

  it('says that it looked by id and by normal form, and in which stores', async () => {
    const { probe } = await erased('Ada@example.org');
    const answers = said(await clinic.carryOut(PROBE, [probe]));
    expect(answers).toMatchObject({
      patient: 'PROBED_CLEAN by_id_and_normal_form',
      // No index there knows an address.
      letter: 'PROBED_CLEAN by_id',
    });
  });

  it('finds them where they stand under the id of somebody who is gone', async () => {
    const { probe } = await erased('ben@example.org');
    const other = await clinic.admit();
    await clinic.carryOut(ERASE, [clinic.order(other)]);
    await clinic.asSuperuser(`set session_replication_role = replica;
      insert into patient (tenant_id, contact_id, name) values ('${clinic.tenant}', '${other}', 'BEN@example.org')`);
    expect(await probed(probe)).toBe('PROBED_FOUND 1 by_normal_form');
  });

  it('excepts somebody who lives under the same address, and says so', async () => {
    const { probe } = await erased('home@example.org');
    await named(await clinic.admit(), 'home@example.org');
    expect(await probed(probe)).toBe('PROBED_CLEAN by_id_and_normal_form_except_living');
  });

  it('is not told by another tenant that has the same person', async () => {
    const { probe } = await erased('both@example.org');
    await named(await clinic.admit(newId(), newId(), newId()), 'both@example.org');
    expect(await probed(probe)).toBe('PROBED_CLEAN by_id_and_normal_form');
  });

  it('says of each of a batch what was looked for: who gave no address is looked for by id', async () => {
    const { probe: known } = await erased('eve@example.org');
    const unknown = await clinic.admit();
    await clinic.carryOut(ERASE, [clinic.order(unknown)]);
    const answered = await clinic.carryOut(PROBE, [known, clinic.order(unknown, 2)]);
    expect([0, 1].map((at) => said(answered, at)['patient'])).toEqual([
      'PROBED_CLEAN by_id_and_normal_form',
      'PROBED_CLEAN by_id',
    ]);
  });
});
