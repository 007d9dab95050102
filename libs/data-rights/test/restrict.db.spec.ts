import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import { addSubjects, constraintOf } from '@heed/postgres';
import { brokenPromisesOf } from '@heed/testing';
import { Clinic, ERASE, LIFT, RESTRICT, said } from './clinic.js';

describe('a restriction', () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await Clinic.open();
  });
  afterAll(() => clinic.close());

  const rename = (id: string, name = 'Eve') =>
    clinic.work.run(clinic.tenant, (tx) =>
      tx.execute('update patient set name = $3 where tenant_id = $1 and contact_id = $2', [
        ...[tx.tenantId, id, name],
      ]),
    );
  const refusedBy = (change: Promise<unknown>): Promise<unknown> =>
    change.then(() => undefined, constraintOf);
  const markOf = async (id: string) =>
    (
      await clinic.rows<{ restricted_by: string | null; live: boolean }>(
        `select restricted_by, live from heed.subject where subject_id = '${id}'`,
      )
    )[0];

  it('marks the person, touches no row, and says how much every store holds under it', async () => {
    const ada = await clinic.admit();
    const order = clinic.order(ada);
    const answered = said(await clinic.carryOut(RESTRICT, [order]));
    expect(answered).toMatchObject({
      ...{ patient: 'RESTRICTED 1', letter: 'RESTRICTED 1', visit: 'RESTRICTED 2', invoice: 'RESTRICTED 1' },
      ...{ 'x-rays': 'RESTRICTED 2', 'subject-keys': 'RESTRICTED 1', 'heed.export_part': 'NOTHING_HELD' },
      ...{ barred: 'NOTHING_HELD', backups: 'IN_BACKUP copy' },
    });
    expect(await markOf(ada)).toEqual({ restricted_by: order.requestId, live: true });
    expect(await clinic.rows(`select name from patient where contact_id = '${ada}'`)).toEqual([
      { name: 'Ada' },
    ]);
  });

  it('keeps what is claimed about the person as it is, and still takes what is new', async () => {
    const ada = await clinic.admit();
    await clinic.carryOut(RESTRICT, [clinic.order(ada)]);
    expect(await refusedBy(rename(ada))).toBe('subject_restricted');
    const removed = clinic.work.run(clinic.tenant, (tx) =>
      tx.execute('delete from patient where tenant_id = $1 and contact_id = $2', [tx.tenantId, ada]),
    );
    expect(await refusedBy(removed)).toBe('subject_restricted');
    const stored = clinic.work.run(clinic.tenant, (tx) =>
      tx.execute(
        `insert into visit (tenant_id, contact_id, visit_id, complaint, minutes) values ($1, $2, $3, 'cough', 5)`,
        [tx.tenantId, ada, newId()],
      ),
    );
    await expect(stored).resolves.toBe(1);
  });

  it('waits for whoever is changing a row, and whoever comes later meets it', async () => {
    const ada = await clinic.admit();
    const issued = clinic.issue(RESTRICT, [clinic.order(ada)]);
    await clinic.deliver(issued);
    let carried: Promise<unknown> | undefined;
    await clinic.work.run(clinic.tenant, async (tx) => {
      await tx.execute(`update patient set name = 'Bo' where tenant_id = $1 and contact_id = $2`, [
        ...[tx.tenantId, ada],
      ]);
      carried = clinic.due.runDue();
      for (;;) {
        const waiting = await clinic.asSuperuser(
          `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
        );
        if (waiting.length > 0) break;
      }
    });
    await carried;
    expect(await clinic.rows(`select name from patient where contact_id = '${ada}'`)).toEqual([
      { name: 'Bo' },
    ]);
    expect(said(await clinic.signed(issued.batchId))['patient']).toBe('RESTRICTED 1');
    expect(await refusedBy(rename(ada))).toBe('subject_restricted');
  });

  it('of somebody never seen here holds before anything about them comes', async () => {
    const later = newId();
    expect(said(await clinic.carryOut(RESTRICT, [clinic.order(later)]))['patient']).toBe('NOTHING_HELD');
    await clinic.admit(later);
    expect(await refusedBy(rename(later))).toBe('subject_restricted');
  });

  it('is lifted by a later order alone, and that says so', async () => {
    const ada = await clinic.admit();
    const [restrict, lift] = [clinic.order(ada, 1), clinic.order(ada, 2)];
    await clinic.carryOut(RESTRICT, [restrict]);
    expect(said(await clinic.carryOut(LIFT, [lift]))).toMatchObject({
      ...{ patient: 'LIFTED 1', visit: 'LIFTED 2', 'x-rays': 'LIFTED 2', barred: 'NOTHING_HELD' },
    });
    expect(await markOf(ada)).toEqual({ restricted_by: null, live: true });
    await expect(rename(ada)).resolves.toBe(1);
    // 6.1: the old order, played again under another batch, restricts nobody.
    await expect(clinic.deliver(clinic.issue(RESTRICT, [restrict]))).rejects.toMatchObject({
      reason: 'ORDER_STALE',
    });
  });

  it('does not stand in the way of an erasure, and leaves the dead alone', async () => {
    const ada = await clinic.admit();
    await clinic.carryOut(RESTRICT, [clinic.order(ada, 1)]);
    expect(said(await clinic.carryOut(ERASE, [clinic.order(ada, 2)]))['patient']).toBe('ERASED 1');
    const answered = said(await clinic.carryOut(RESTRICT, [clinic.order(ada, 3)]));
    expect(answered).toMatchObject({ patient: 'NOTHING_HELD', invoice: 'RETAINED 1 tax_record' });
    expect((await markOf(ada))?.live).toBe(false);
  });

  it('goes alone: a batch that restricts two people is refused', async () => {
    const both = [clinic.order(newId()), clinic.order(newId())];
    await expect(clinic.deliver(clinic.issue(RESTRICT, both))).rejects.toMatchObject({
      reason: 'ORDER_MALFORMED',
    });
  });

  it('is no mark that the service could set or take off by itself', async () => {
    const ada = newId();
    await clinic.work.run(clinic.tenant, (tx) => addSubjects(tx, [ada]));
    const mark = clinic.work.run(clinic.tenant, (tx) =>
      tx.execute('update heed.subject set restricted_by = $3 where tenant_id = $1 and subject_id = $2', [
        ...[tx.tenantId, ada, newId()],
      ]),
    );
    await expect(mark).rejects.toMatchObject({ sqlstate: '42501' });
  });

  it('is what the last answered order says, everywhere', async () => {
    expect(await brokenPromisesOf(['I5', 'I6', 'I8'], clinic.database)).toEqual([]);
  });
});
