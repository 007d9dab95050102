import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import { addSubjects } from '@heed/postgres';
import { isReceiptSignedBy, opens } from '../src/index.js';
import { Clinic, ERASE, PROBE, said, type Answered } from './clinic.js';

describe('an order to erase', () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await Clinic.open();
  });
  afterAll(() => clinic.close());

  it('is carried out in every store from the manifest alone, and answered for by each', async () => {
    const ada = await clinic.admit();
    const bystander = await clinic.admit();
    const answered = await clinic.carryOut(ERASE, [clinic.order(ada)]);
    expect(said(answered)).toEqual({
      backups: 'IN_BACKUP copy',
      barred: 'NOTHING_HELD',
      films: 'NOTHING_HELD',
      'heed.export_part': 'NOTHING_HELD',
      'index-cards': 'NOTHING_HELD',
      invoice: 'RETAINED 1 tax_record',
      letter: 'ERASED 1',
      patient: 'ERASED 1',
      'subject-keys': 'ERASED 1',
      visit: 'ANONYMISED 2 identifiers_removed',
      'x-rays': 'ERASED 2',
    });
    expect(isReceiptSignedBy(answered.receipt, clinic.ownKey.publicKey)).toBe(true);
    expect(opens(answered.receipt, answered.openings)).toBe(true);
    expect(await clinic.published()).toEqual([answered.receipt]);

    const left = await clinic.rows<{ contact_id: string }>(
      `select contact_id from patient union all select contact_id from letter
       union all select contact_id from visit union all select contact_id from invoice`,
    );
    expect(new Set(left.map((row) => row.contact_id))).toEqual(new Set([null, bystander]));
    const visits = await clinic.rows(
      'select contact_id, appointment_id, complaint, minutes from visit where contact_id is null order by minutes',
    );
    expect(visits).toEqual([
      { contact_id: null, appointment_id: null, complaint: null, minutes: 10 },
      { contact_id: null, appointment_id: null, complaint: null, minutes: 20 },
    ]);
    expect(await clinic.sealing.subjectsWithKeys(clinic.tenant, [ada, bystander])).toEqual([bystander]);
    expect(await clinic.objects.exists(`x-rays/${clinic.tenant}/${ada}/1`)).toBe(false);
    expect(await clinic.objects.exists(`x-rays/${clinic.tenant}/${bystander}/1`)).toBe(true);
  });

  it('6.5 looks into a store of objects that was retired: what was forgotten there goes, and is said', async () => {
    const ada = await clinic.admit();
    await clinic.objects.put(`films/${clinic.tenant}/${ada}/1`, Buffer.from('film'));
    expect(said(await clinic.carryOut(ERASE, [clinic.order(ada)]))).toMatchObject({ films: 'ERASED 1' });
    expect(await clinic.objects.exists(`films/${clinic.tenant}/${ada}/1`)).toBe(false);
  });

  it('6.5 that is given anew for the same request says what was erased for it, and adds what was found since', async () => {
    const ada = await clinic.admit();
    const first = clinic.order(ada, 2);
    const again = clinic.order(ada, 3, first.requestId);
    clinic.barred.set(ada, 1);
    const before = said(await clinic.carryOut(ERASE, [first]));
    expect(before['barred']).toBe('RETAINED 1 objection');
    // Nobody can be found by a hash once the addresses are gone.
    clinic.barred.delete(ada);
    await clinic.objects.put(`x-rays/${clinic.tenant}/${ada}/9`, Buffer.from('late'));
    expect(said(await clinic.carryOut(ERASE, [again]))).toEqual({ ...before, 'x-rays': 'ERASED 3' });
    const third = clinic.order(ada, 4, first.requestId);
    expect(said(await clinic.carryOut(ERASE, [third]))).toMatchObject({
      'x-rays': 'ERASED 3',
      patient: 'ERASED 1',
    });
    // For another request there was nothing.
    expect(said(await clinic.carryOut(ERASE, [clinic.order(ada, 5)]))).toMatchObject({
      patient: 'NOTHING_HELD',
    });
  });

  it('leaves rows of the same person in another tenant alone', async () => {
    const ada = newId();
    const elsewhere = newId();
    await clinic.admit(ada);
    await clinic.admit(ada, newId(), elsewhere);
    await clinic.carryOut(ERASE, [clinic.order(ada)]);
    expect(await clinic.rows('select name from patient', elsewhere)).toEqual([{ name: 'Ada' }]);
    expect(await clinic.sealing.subjectsWithKeys(elsewhere, [ada])).toEqual([ada]);
  });

  it('of many people is one receipt, with one statement each', async () => {
    const people = await Promise.all([clinic.admit(), clinic.admit(), clinic.admit()]);
    const answered = await clinic.carryOut(ERASE, [
      ...people.map((id) => clinic.order(id)),
      clinic.order(newId()),
    ]);
    expect(answered.receipt.treeSize).toBe(4);
    expect(answered.openings.map((_, at) => said(answered, at)['patient'])).toEqual([
      ...Array<string>(3).fill('ERASED 1'),
      'NOTHING_HELD',
    ]);
    expect(opens(answered.receipt, answered.openings)).toBe(true);
  });

  it('6.2 opens to one person only: no other statement, salt or place fits', async () => {
    const people = await Promise.all([clinic.admit(), clinic.admit()]);
    const { receipt, openings } = await clinic.carryOut(
      ERASE,
      people.map((id) => clinic.order(id)),
    );
    const [one, other] = openings;
    expect(one!.statement.includes(people[1]!)).toBe(false);
    expect(opens(receipt, [other!, one!])).toBe(true);
    expect(opens(receipt, [one!])).toBe(false);
    expect(opens(receipt, [one!, one!])).toBe(false);
    expect(opens(receipt, [{ ...one!, statement: other!.statement }, other!])).toBe(false);
    expect(opens(receipt, [{ ...one!, salt: other!.salt }, other!])).toBe(false);
    expect(opens(receipt, [{ ...one!, leafIndex: 1 }, other!])).toBe(false);
    expect(opens(receipt, [{ ...one!, path: other!.path }, other!])).toBe(false);
  });

  it('cuts a second person off and leaves the row to the first', async () => {
    const nurse = newId();
    const ada = await clinic.admit(newId(), nurse);
    const answered = await clinic.carryOut(ERASE, [clinic.order(nurse)]);
    expect(said(answered)).toMatchObject({
      visit: 'ANONYMISED 1 second_person_detached',
      patient: 'NOTHING_HELD',
    });
    const rows = await clinic.work.run(clinic.tenant, (tx) =>
      tx.query('select member_id, complaint from visit where contact_id = $1 order by minutes', [ada]),
    );
    expect(rows).toEqual([
      { member_id: null, complaint: 'cough' },
      { member_id: null, complaint: 'fever' },
    ]);
  });

  it('5.2 about somebody never seen here meets the event that comes late', async () => {
    const stranger = newId();
    expect(new Set(Object.values(said(await clinic.carryOut(ERASE, [clinic.order(stranger)]))))).toEqual(
      new Set(['NOTHING_HELD', 'IN_BACKUP copy']),
    );
    await expect(clinic.admit(stranger)).rejects.toMatchObject({ reason: 'SUBJECT_ERASED' });
    const late = clinic.work.run(clinic.tenant, async (tx) => {
      await addSubjects(tx, [stranger]);
      await tx.execute(`insert into patient (tenant_id, contact_id, name) values ($1, $2, 'Ada')`, [
        clinic.tenant,
        stranger,
      ]);
    });
    await expect(late).rejects.toMatchObject({ reason: 'SUBJECT_ERASED', sqlstate: '23503' });
  });

  it('5.7 is signed only when no memory can hold a key any more, and 5.8 after its objects are gone', async () => {
    const ada = await clinic.admit();
    const deaf = clinic.deafProcess();
    await deaf.seal(
      clinic.tenant,
      ada,
      { table: 'letter', row: '1', column: 'body' },
      Buffer.from('Dear Ada'),
    );
    const issued = clinic.issue(ERASE, [clinic.order(ada)]);
    await clinic.deliver(issued);
    await clinic.due.runDue();
    expect(await clinic.sealing.subjectsWithKeys(clinic.tenant, [ada])).toEqual([]);
    expect(await clinic.objects.exists(`x-rays/${clinic.tenant}/${ada}/1`)).toBe(false);
    await expect(clinic.answered(issued.batchId)).rejects.toThrow('not signed yet');
    await clinic.clock.advance(9_999);
    await clinic.due.runDue();
    await expect(clinic.answered(issued.batchId)).rejects.toThrow('not signed yet');
    await clinic.clock.advance(1);
    await clinic.due.runDue();
    expect(said(await clinic.answered(issued.batchId))['subject-keys']).toBe('ERASED 1');
    await deaf.close();
  });

  it('names the hashes that stay because the person objected, and so does the probe afterwards', async () => {
    const [ada, ben] = [await clinic.admit(), await clinic.admit()];
    clinic.barred.set(ada, 2);
    const [ofAda, ofBen] = [clinic.order(ada), clinic.order(ben)];
    const erased = await clinic.carryOut(ERASE, [ofAda, ofBen]);
    const probed = await clinic.carryOut(PROBE, [
      clinic.order(ada, 2, ofAda.requestId),
      clinic.order(ben, 2, ofBen.requestId),
    ]);
    const barred = (answered: Answered) => [said(answered, 0)['barred'], said(answered, 1)['barred']];
    expect(barred(erased)).toEqual(['RETAINED 2 objection', 'NOTHING_HELD']);
    expect(barred(probed)).toEqual(['RETAINED 2 objection', 'PROBED_CLEAN']);
  });

  it('5.1 hides what a ground retains, and deletes it when the ground has ended', async () => {
    const ada = await clinic.admit();
    await clinic.carryOut(ERASE, [clinic.order(ada)]);
    const kept = () =>
      clinic.asSuperuser<{ retained_under: string }>(
        'select retained_under from invoice where contact_id = $1',
        [ada],
      );
    expect(await clinic.rows(`select 1 from invoice where contact_id = '${ada}'`)).toEqual([]);
    expect(await kept()).toEqual([{ retained_under: 'tax_record' }]);
    expect(said(await clinic.carryOut(PROBE, [clinic.order(ada, 2)]))).toMatchObject({
      invoice: 'RETAINED 1 tax_record',
      patient: 'PROBED_CLEAN by_id',
    });
    await clinic.clock.advance(31 * 86_400_000);
    await clinic.due.runDue();
    expect(await kept()).toEqual([]);
    expect(said(await clinic.carryOut(PROBE, [clinic.order(ada, 3)]))['invoice']).toBe('PROBED_CLEAN by_id');
  });

  it('6.5 is never signed for a store that nobody has answered for', async () => {
    const other = await Clinic.open();
    try {
      other.manifest.stores.push({
        kind: 'processor',
        name: 'lab',
        description: 'a lab',
        categories: ['user'],
      });
      const { SignAnswers } = await import('../src/sign-answers.js');
      const { OrdersStore } = await import('../src/orders.store.js');
      const { ReceiptsStore } = await import('../src/receipts.store.js');
      const sign = new SignAnswers({
        manifest: other.manifest,
        signing: other.ownKey,
        orders: new OrdersStore(),
        receipts: new ReceiptsStore('telephony'),
        outbox: undefined as never,
        clock: other.clock,
      });
      const issued = other.issue(ERASE, [other.order(newId())]);
      await other.deliver(issued);
      const batch = await other.work.run(other.tenant, (tx) =>
        new OrdersStore().lockBatch(tx, issued.batchId),
      );
      await expect(other.work.run(other.tenant, (tx) => sign.signKept(tx, batch!))).rejects.toMatchObject({
        reason: 'STORE_UNANSWERED',
      });
    } finally {
      await other.close();
    }
  });
});
