import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type datarightsV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { brokenPromisesOf, everyStep } from '@heed/testing';
import { ACCESS, Clinic, CORRECT, ERASE, PROBE, RESTRICT, said } from './clinic.js';

/** A process that is dead keeps its claim for so long. */
const CLAIM_MS = 20_000;

interface World {
  patient: string;
  issued: datarightsV1.OrdersIssued;
}

describe('an order whose process is killed', () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await Clinic.open();
  });
  afterAll(() => clinic.close());

  it.each([
    ['erasing', ERASE, 'delete', { patient: 'ERASED 1', 'subject-keys': 'ERASED 1', 'x-rays': 'ERASED 2' }],
    ['probing', PROBE, 'select', { patient: 'PROBED_FOUND 1 by_id', 'subject-keys': 'PROBED_FOUND 1 by_id' }],
    [
      'restricting',
      RESTRICT,
      'select',
      { patient: 'RESTRICTED 1', 'x-rays': 'RESTRICTED 2', visit: 'RESTRICTED 2' },
    ],
    [
      'correcting',
      CORRECT,
      'update',
      { patient: 'CORRECTED 1', invoice: 'CORRECTED 1', visit: 'RETAINED 2 record_of_visits' },
    ],
    [
      'probing a correction',
      PROBE,
      'select',
      { patient: 'PROBED_FOUND 1 by_id', visit: 'RETAINED 2 record_of_visits' },
    ],
    ['collecting', ACCESS, 'get', { patient: 'EXPORTED 1', 'x-rays': 'EXPORTED 2' }],
  ])(
    'at any step of %s, from the order to the receipt, carries it out once and answers as if nothing had happened',
    async (what, action, does, expected) => {
      const steps = await everyStep<World>({
        begin: async () => {
          const patient = await clinic.admit();
          const corrects = what.includes('correct');
          const handle = newId();
          clinic.corrected.set(handle, [{ field: 'name', value: 'Ada Byron', endpointId: '', previous: '' }]);
          const order = { ...clinic.order(patient), ...(corrects && { handle, corrects }) };
          return { patient, issued: clinic.issue(action, [order]) };
        },
        live: async ({ issued }, process) => {
          const dying = await clinic.inProcess(process);
          await dying.deliver(issued);
          await dying.finish();
        },
        recover: async ({ issued }, answered) => {
          // The bus delivers again what it is not sure of.
          if (!answered) await clinic.deliver(issued);
          await clinic.clock.advance(CLAIM_MS);
          await clinic.finish();
        },
        verify: async ({ patient, issued }) => {
          expect(said(await clinic.signed(issued.batchId))).toMatchObject(expected);
          // Who asks twice is told twice, and the same.
          const published = (await clinic.published()).filter(({ batchId }) => batchId === issued.batchId);
          expect(new Set(published.map(({ receiptId }) => receiptId)).size).toBe(1);
          if (action === CORRECT) expect(await nameOf(patient)).toBe('Ada Byron');
          if (action === ERASE) expect(await left(patient)).toEqual([]);
        },
      });
      expect(steps.some((step) => step.startsWith(does))).toBe(true);
      expect(steps.filter((step) => step === 'commit').length).toBeGreaterThan(4);
      expect(await brokenPromisesOf(['I3', 'I5', 'I8'], clinic.database)).toEqual([]);
    },
    120_000,
  );

  async function nameOf(patient: string): Promise<string | undefined> {
    const [row] = await clinic.asSuperuser<{ name: string }>(
      'select name from patient where contact_id = $1',
      [patient],
    );
    return row?.name;
  }

  /** Whatever still leads to the person, behind everybody's back. */
  async function left(patient: string): Promise<string[]> {
    const rows = await clinic.asSuperuser<{ name: string }>(
      `select 'patient' as name from patient where contact_id = $1
       union all select 'letter' from letter where contact_id = $1
       union all select 'visit' from visit where contact_id = $1
       union all select 'fence' from heed.subject where subject_id = $1 and live`,
      [patient],
    );
    const found = rows.map(({ name }) => name);
    for await (const { key } of clinic.objects.list(`x-rays/${clinic.tenant}/${patient}/`)) found.push(key);
    return found;
  }
});
