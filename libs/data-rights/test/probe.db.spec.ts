import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import { blocked } from '@heed/testing';
import pg from 'pg';
import { Clinic, ERASE, PROBE, said } from './clinic.js';

describe('6.6 a probe', () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await Clinic.open();
  });
  afterAll(() => clinic.close());

  it('finds nothing where everything was erased', async () => {
    const ada = await clinic.admit();
    await clinic.carryOut(ERASE, [clinic.order(ada)]);
    expect(said(await clinic.carryOut(PROBE, [clinic.order(ada, 2)]))).toEqual({
      backups: 'IN_BACKUP copy',
      barred: 'PROBED_CLEAN',
      films: 'PROBED_CLEAN by_id',
      'heed.export_part': 'PROBED_CLEAN by_id',
      'index-cards': 'PROBED_CLEAN by_id',
      invoice: 'RETAINED 1 tax_record',
      letter: 'PROBED_CLEAN by_id',
      patient: 'PROBED_CLEAN by_id',
      'subject-keys': 'PROBED_CLEAN by_id',
      visit: 'PROBED_CLEAN by_id',
      'x-rays': 'PROBED_CLEAN by_id',
    });
  });

  it('finds what somebody brought back past the fence, in a table and among objects', async () => {
    const ada = await clinic.admit();
    await clinic.carryOut(ERASE, [clinic.order(ada)]);
    // As a restore with its triggers off does.
    await clinic.asSuperuser(`set session_replication_role = replica;
      insert into patient (tenant_id, contact_id, name) values ('${clinic.tenant}', '${ada}', 'Ada')`);
    await clinic.objects.put(`x-rays/${clinic.tenant}/${ada}/late`, Buffer.from('picture'));
    const answered = said(await clinic.carryOut(PROBE, [clinic.order(ada, 2)]));
    expect(answered).toMatchObject({
      patient: 'PROBED_FOUND 1 by_id',
      'x-rays': 'PROBED_FOUND 1 by_id',
      letter: 'PROBED_CLEAN by_id',
    });
  });

  it('finds everything where nothing was erased', async () => {
    const ada = await clinic.admit();
    expect(said(await clinic.carryOut(PROBE, [clinic.order(ada)]))).toMatchObject({
      invoice: 'PROBED_FOUND 1 by_id',
      letter: 'PROBED_FOUND 1 by_id',
      'subject-keys': 'PROBED_FOUND 1 by_id',
      visit: 'PROBED_FOUND 2 by_id',
      'x-rays': 'PROBED_FOUND 2 by_id',
    });
  });

  it('waits for whoever began to write before the fence, and sees what they wrote', async () => {
    const ada = await clinic.admit();
    const slow = new pg.Client({ connectionString: clinic.database.superuserUrl });
    await slow.connect();
    try {
      // A writer that no fence holds: it began before the erasure and commits after it.
      await slow.query(`begin; set local session_replication_role = replica;
        create temporary table mark (n int) on commit drop; insert into mark values (1)`);
      await clinic.carryOut(ERASE, [clinic.order(ada)]);
      const issued = clinic.issue(PROBE, [clinic.order(ada, 2)]);
      await clinic.deliver(issued);
      await clinic.finish();
      await expect(clinic.answered(issued.batchId)).rejects.toThrow('not signed yet');
      await slow.query(
        `insert into patient (tenant_id, contact_id, name) values ('${clinic.tenant}', '${ada}', 'Ada')`,
      );
      await slow.query('commit');
      expect(said(await clinic.signed(issued.batchId))['patient']).toBe('PROBED_FOUND 1 by_id');
    } finally {
      await slow.end();
    }
  });

  it('is what the erasure itself needs not wait for: whoever is inserting is waited for at the subject', async () => {
    const ada = await clinic.admit();
    const inserting = new pg.Client({ connectionString: clinic.database.urlOf('service') });
    await inserting.connect();
    try {
      await inserting.query(`begin; select set_config('heed.tenant', '${clinic.tenant}', true)`);
      await inserting.query(
        `insert into letter (tenant_id, letter_id, contact_id, written_at) values ($1, $2, $3, $4)`,
        [clinic.tenant, newId(), ada, clinic.clock.now()],
      );
      const issued = clinic.issue(ERASE, [clinic.order(ada)]);
      await clinic.deliver(issued);
      const erasing = clinic.finish();
      const eraser = await pidOfEraser(clinic);
      await blocked(eraser);
      await inserting.query('commit');
      await erasing;
      expect(said(await clinic.answered(issued.batchId))['letter']).toBe('ERASED 2');
    } finally {
      await inserting.end();
    }
  });
});

async function pidOfEraser(clinic: Clinic): Promise<number> {
  for (;;) {
    const [row] = await clinic.asSuperuser<{ pid: number }>(
      `select pid from pg_stat_activity where datname = $1 and application_name = 'heed telephony eraser'
       and wait_event_type = 'Lock'`,
      [clinic.database.name],
    );
    if (row) return row.pid;
  }
}
