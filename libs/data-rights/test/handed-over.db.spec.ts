import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { datarightsV1 } from '@heed/contracts';
import { declareStore } from '@heed/data-map';
import { newId } from '@heed/kernel';
import { Clinic, ERASE, PROBE, said } from './clinic.js';

const { ACTION_ACCESS, ACTION_RESTRICT } = datarightsV1.Action;

describe('what was handed to somebody else', () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await Clinic.open(
      declareStore({
        ...{ kind: 'processor', name: 'lab', description: 'a laboratory' },
        categories: ['user.health_and_medical'],
      }),
    );
    // A letter to each of them went there.
    clinic.special.countHandedOver(async (tx, subjectIds) => {
      const rows = await tx.query<{ id: string; count: number }>(
        `select contact_id as id, count(*)::int as count from letter
         where tenant_id = $1 and contact_id = any ($2::uuid[]) group by contact_id`,
        [tx.tenantId, subjectIds],
      );
      return new Map(rows.map(({ id, count }) => [id, count]));
    });
  });
  afterAll(() => clinic?.close());

  it('6.4 is counted before the rows go that say so, and a probe repeats it', async () => {
    const ada = await clinic.admit();
    const first = clinic.order(ada);
    expect(said(await clinic.carryOut(ERASE, [first]))).toMatchObject({
      ...{ lab: 'AT_PROCESSOR 1', letter: 'ERASED 1' },
    });
    expect(said(await clinic.carryOut(PROBE, [clinic.order(ada, 2, first.requestId)]))).toMatchObject({
      lab: 'AT_PROCESSOR 1',
    });
  });

  it('6.5 stays said where an erasure is ordered anew for the same request', async () => {
    const ada = await clinic.admit();
    const first = clinic.order(ada);
    await clinic.carryOut(ERASE, [first]);
    const again = clinic.order(ada, 2, first.requestId);
    expect(said(await clinic.carryOut(ERASE, [again]))).toMatchObject({ lab: 'AT_PROCESSOR 1' });
  });

  it('is nothing of whom nothing was handed over', async () => {
    const stranger = newId();
    expect(said(await clinic.carryOut(ERASE, [clinic.order(stranger)]))).toMatchObject({
      lab: 'NOTHING_HELD',
    });
    expect(said(await clinic.carryOut(PROBE, [clinic.order(stranger, 2)]))).toMatchObject({
      lab: 'PROBED_CLEAN',
    });
  });

  it('is named to whoever asks what is held, and whoever is restricted', async () => {
    const ada = await clinic.admit();
    for (const [number, action] of [ACTION_ACCESS, ACTION_RESTRICT].entries())
      expect(said(await clinic.carryOut(action, [clinic.order(ada, number + 1)]))).toMatchObject({
        lab: 'AT_PROCESSOR 1',
      });
  });
});
