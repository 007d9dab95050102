import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, sha256 } from '@heed/kernel';
import { readStatement } from '../src/index.js';
import { ACCESS, Clinic, ERASE, said, SERVICE } from './clinic.js';

describe('an order for access', () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await Clinic.open();
  });
  afterAll(() => clinic.close());

  const fetched = async (orderId: string): Promise<Map<string, Buffer>> => {
    const files = new Map<string, Buffer>();
    for await (const { store, name, chunk } of clinic.rights.handOut.pieces(clinic.tenant, orderId)) {
      const key = [store.replace(`${SERVICE}.`, ''), name].filter(Boolean).join('/');
      files.set(key, Buffer.concat([files.get(key) ?? Buffer.alloc(0), chunk]));
    }
    return files;
  };

  it('collects the rows of every table and the objects, opened from their seals, and signs what they hash to', async () => {
    const ada = await clinic.admit();
    await clinic.admit();
    const order = clinic.order(ada);
    const answered = await clinic.carryOut(ACCESS, [order]);
    expect(said(answered)).toEqual({
      backups: 'IN_BACKUP copy',
      barred: 'NOTHING_HELD',
      films: 'NOTHING_HELD',
      'heed.export_part': 'NOTHING_HELD',
      'index-cards': 'NOTHING_HELD',
      invoice: 'EXPORTED 1',
      letter: 'EXPORTED 1',
      patient: 'EXPORTED 1',
      'subject-keys': 'NOTHING_HELD',
      visit: 'EXPORTED 2',
      'x-rays': 'EXPORTED 2',
    });
    const files = await fetched(order.orderId);
    expect([...files.keys()].sort()).toEqual([
      'invoice',
      'letter',
      'patient',
      'visit',
      'x-rays/1',
      'x-rays/2',
    ]);
    expect(JSON.parse(files.get('letter')!.toString())).toEqual({
      store: 'telephony.letter',
      rows: [
        {
          body: `Dear ${ada}`,
          contact_id: ada,
          letter_id: expect.any(String),
          written_at: expect.stringMatching(/^2026-11-23T/),
        },
      ],
    });
    expect(files.get('visit')!.toString()).not.toContain('member_id');
    const { entries } = readStatement(answered.openings[0]!.statement);
    const digestOf = (store: string) =>
      entries.find((entry) => entry.store === `${SERVICE}.${store}`)?.digest;
    expect(digestOf('letter')).toBe(sha256(files.get('letter')!).toString('hex'));
    expect(digestOf('x-rays')).toBe(sha256(files.get('x-rays/1')!, files.get('x-rays/2')!).toString('hex'));
  });

  it('leaves nothing in the clear while it waits to be fetched, and nothing at all once it was', async () => {
    const ada = await clinic.admit();
    const order = clinic.order(ada);
    await clinic.carryOut(ACCESS, [order]);
    const [stored] = await clinic.asSuperuser<{ chunk: Buffer }>(
      `select chunk from heed.export_part where order_id = $1 and store = 'telephony.letter'`,
      [order.orderId],
    );
    expect(stored!.chunk.includes('Dear')).toBe(false);
    expect(await clinic.rights.handOut.destroy(clinic.tenant, order.orderId)).toBe(6);
    expect(await clinic.rights.handOut.destroy(clinic.tenant, order.orderId)).toBe(0);
    expect((await fetched(order.orderId)).size).toBe(0);
  });

  it('does not hand out what was collected for another request, and says that it is there', async () => {
    const [first, second] = [clinic.order(await clinic.admit()), clinic.order('', 2)];
    second.subjectId = first.subjectId;
    await clinic.carryOut(ACCESS, [first]);
    const again = said(await clinic.carryOut(ACCESS, [second]));
    expect(again).toMatchObject({ 'heed.export_part': 'RETAINED 6 copy_for_request', patient: 'EXPORTED 1' });
    expect((await fetched(second.orderId)).has('heed.export_part')).toBe(false);
  });

  it('is destroyed unfetched after seven days, and by an erasure at once', async () => {
    const [late, erased] = [clinic.order(await clinic.admit()), clinic.order(await clinic.admit())];
    await clinic.carryOut(ACCESS, [late, erased]);
    const again = await clinic.carryOut(ERASE, [clinic.order(erased.subjectId, 2)]);
    expect(said(again)['heed.export_part']).toBe('ERASED 6');
    expect((await fetched(late.orderId)).size).toBe(6);
    await clinic.clock.advance(7 * 86_400_000);
    await clinic.due.runDue();
    expect((await fetched(late.orderId)).size).toBe(0);
  });

  it('hands a second person their own traces, and nothing about the first', async () => {
    const nurse = newId();
    await clinic.admit(newId(), nurse);
    const order = clinic.order(nurse);
    await clinic.carryOut(ACCESS, [order]);
    const visits = JSON.parse((await fetched(order.orderId)).get('visit')!.toString()) as { rows: object[] };
    expect(visits.rows).toEqual([
      expect.objectContaining({ member_id: nurse, minutes: 10, appointment_id: expect.any(String) }),
    ]);
    expect(Object.keys(visits.rows[0]!)).not.toContain('complaint');
    expect(Object.keys(visits.rows[0]!)).not.toContain('contact_id');
  });

  it('about somebody erased says what is retained, and hands nothing out', async () => {
    const ada = await clinic.admit();
    await clinic.carryOut(ERASE, [clinic.order(ada)]);
    const order = clinic.order(ada, 2);
    expect(said(await clinic.carryOut(ACCESS, [order]))).toMatchObject({
      invoice: 'RETAINED 1 tax_record',
      patient: 'NOTHING_HELD',
    });
    expect((await fetched(order.orderId)).size).toBe(0);
  });

  it('is not answered to whoever asks for an order that is none', async () => {
    await expect(fetched(newId())).rejects.toMatchObject({ reason: 'EXPORT_NOT_FOUND' });
  });
});
