import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { newId } from '@heed/kernel';
import {
  addSubjects,
  constraintOf,
  type Database,
  isFenceRefusal,
  lockSubjects,
  lockSubjectsForErasure,
  raiseFence,
  sqlstate,
  UnitOfWork,
  type MigrationSource,
  type Tx,
} from '@heed/postgres';
import { createTestDatabase, type TestDatabase } from '@heed/testing';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

const people: MigrationSource = { name: 'people', directory: new URL('migrations/', import.meta.url) };

/** Every row of the table "More about the fence" of the design notes, tried on what the helpers make. */
describe('the fence', () => {
  let test: TestDatabase;
  let database: Database;
  let uow: UnitOfWork;
  const tenant = newId();

  beforeAll(async () => {
    test = await createTestDatabase('contacts', [people]);
    database = test.open();
    uow = new UnitOfWork(database);
    await asOwner(`select heed.ensure_day_partitions('permit', '2026-11-20T12:00:00Z', 7)`);
  });
  afterAll(() => test.drop());

  async function asOwner(sql: string): Promise<void> {
    await database.pool('owner').query(sql);
  }
  async function known(...ids: string[]): Promise<string[]> {
    const persons = ids.length > 0 ? ids : [newId()];
    await uow.run(tenant, (tx) => addSubjects(tx, persons));
    return persons;
  }
  async function person(): Promise<string> {
    const [id] = await known();
    return id as string;
  }
  const endpoint = (tx: Tx, contact: string, address = 'ada@example.org') =>
    tx.execute('insert into endpoint (tenant_id, endpoint_id, contact_id, address) values ($1, $2, $3, $4)', [
      tx.tenantId,
      newId(),
      contact,
      address,
    ]);
  const note = (tx: Tx, contact: string | null, body: string | null = 'met at the fair') =>
    tx.execute('insert into note (tenant_id, note_id, contact_id, body) values ($1, $2, $3, $4)', [
      tx.tenantId,
      newId(),
      contact,
      body,
    ]);
  const erase = (contact: string, ...tables: string[]) =>
    uow.run(
      tenant,
      async (tx) => {
        await lockSubjectsForErasure(tx, [contact]);
        for (const table of tables) await tx.execute(`delete from ${table} where contact_id = $1`, [contact]);
        return raiseFence(tx, [contact]);
      },
      { role: 'eraser' },
    );
  async function refusal(
    work: Promise<unknown>,
  ): Promise<{ code?: string; constraint?: string; fence: boolean }> {
    try {
      await work;
    } catch (error) {
      return { code: sqlstate(error), constraint: constraintOf(error), fence: isFenceRefusal(error) };
    }
    return { code: 'accepted', fence: false };
  }

  it('5.2 refuses a row about someone erased, and the refusal is told from other foreign keys', async () => {
    const contact = await person();
    await uow.run(tenant, (tx) => endpoint(tx, contact));
    expect(await erase(contact, 'endpoint')).toBe(1);
    expect(await refusal(uow.run(tenant, (tx) => endpoint(tx, contact)))).toEqual({
      code: '23503',
      constraint: 'endpoint_contact_id_fence',
      fence: true,
    });
  });

  it('6.1 cannot be raised over a row that was forgotten', async () => {
    const contact = await person();
    await uow.run(tenant, (tx) => endpoint(tx, contact));
    await expect(erase(contact, 'note')).rejects.toMatchObject({
      reason: 'SUBJECT_STILL_HELD',
      metadata: { constraint: 'endpoint_contact_id_fence' },
    });
  });

  it('5.1 is raised over rows that a legal ground retains, and hides them from the service', async () => {
    const contact = await person();
    await uow.run(tenant, (tx) => note(tx, contact));
    await uow.run(
      tenant,
      async (tx) => {
        await lockSubjectsForErasure(tx, [contact]);
        await tx.execute(`update note set retained_under = 'tax_record' where contact_id = $1`, [contact]);
        await raiseFence(tx, [contact]);
      },
      { role: 'eraser' },
    );
    const seenBy = (role: 'service' | 'eraser') =>
      uow.run(tenant, (tx) => tx.query('select 1 from note where contact_id = $1', [contact]), { role });
    expect(await seenBy('service')).toHaveLength(0);
    expect(await seenBy('eraser')).toHaveLength(1);
    expect(await refusal(uow.run(tenant, (tx) => note(tx, contact)))).toMatchObject({ fence: true });
  });

  it('5.1 does not let the service mark, unmark or insert a retained row', async () => {
    const contact = await person();
    await uow.run(tenant, (tx) => note(tx, contact));
    const marking = uow.run(tenant, (tx) => tx.execute(`update note set retained_under = 'because'`));
    expect((await refusal(marking)).code).toBe('42501');
    const inserting = uow.run(tenant, (tx) =>
      tx.execute(
        `insert into note (tenant_id, note_id, contact_id, retained_under) values ($1, $2, $3, 'because')`,
        [tenant, newId(), contact],
      ),
    );
    expect((await refusal(inserting)).code).toBe('42501');
  });

  it('a retained row cannot name a subject that nobody knows', async () => {
    const inserting = uow.run(
      tenant,
      (tx) =>
        tx.execute(
          `insert into note (tenant_id, note_id, contact_id, retained_under) values ($1, $2, $3, 'because')`,
          [tenant, newId(), newId()],
        ),
      { role: 'eraser' },
    );
    expect(await refusal(inserting)).toMatchObject({ code: '23503', constraint: 'note_contact_id_known' });
  });

  it('5.2 an anonymised row takes nothing personal again', async () => {
    const contact = await person();
    await uow.run(tenant, (tx) => note(tx, contact, 'something personal'));
    await uow.run(
      tenant,
      (tx) => tx.execute('update note set contact_id = null, body = null where contact_id = $1', [contact]),
      { role: 'eraser' },
    );
    for (const column of ["body = 'again'", `details = '{"name": "Ada"}'`]) {
      const writing = uow.run(tenant, (tx) =>
        tx.execute(`update note set ${column} where contact_id is null`),
      );
      expect(await refusal(writing)).toMatchObject({ code: '23514', constraint: 'note_anonymous' });
    }
    expect((await refusal(uow.run(tenant, (tx) => note(tx, null)))).constraint).toBe('note_anonymous');
  });

  it('5.2 the service cannot raise `live`, delete the subject, or bring it as living', async () => {
    const contact = await person();
    await erase(contact);
    const attempt = (sql: string, role: 'service' | 'eraser' = 'service') =>
      refusal(uow.run(tenant, (tx) => tx.execute(sql, [contact]), { role }));
    expect((await attempt('update heed.subject set live = true where subject_id = $1')).code).toBe('42501');
    expect((await attempt('delete from heed.subject where subject_id = $1')).code).toBe('42501');
    expect(
      (await attempt(`insert into heed.subject (tenant_id, subject_id, live) values ('${tenant}', $1, true)`))
        .code,
    ).toBe('42501');
    await known(contact);
    expect(await uow.run(tenant, (tx) => lockSubjects(tx, [contact]))).toEqual(new Set());
  });

  it('5.2 nobody raises `live`, not the eraser, not the owner, not a superuser', async () => {
    const contact = await person();
    await erase(contact);
    const raising = uow.run(
      tenant,
      (tx) => tx.execute('update heed.subject set live = true where subject_id = $1', [contact]),
      { role: 'eraser' },
    );
    expect(await refusal(raising)).toMatchObject({ code: '23001', constraint: 'subject_live_never_rises' });
    const superuser = new (await import('pg')).default.Client({ connectionString: test.superuserUrl });
    await superuser.connect();
    try {
      const by = (sql: string) => refusal(superuser.query(sql));
      expect(
        (await by(`update heed.subject set live = true where subject_id = '${contact}'`)).constraint,
      ).toBe('subject_live_never_rises');
      expect((await by(`delete from heed.subject where subject_id = '${contact}'`)).constraint).toBe(
        'subject_stays',
      );
      expect((await by(`truncate heed.subject cascade`)).constraint).toBe('subject_stays');
    } finally {
      await superuser.end();
    }
  });

  it('5.2 an order for someone never seen leaves a tombstone that a late event meets', async () => {
    const stranger = newId();
    expect(await erase(stranger, 'endpoint')).toBe(0);
    const late = uow.run(tenant, async (tx) => {
      await addSubjects(tx, [stranger]);
      await endpoint(tx, stranger);
    });
    expect(await refusal(late)).toMatchObject({ fence: true });
  });

  it('9.6 one dead subject fails a whole batch, unless the subjects are locked and the dead dropped', async () => {
    const [alive, dead] = [await person(), await person()];
    await erase(dead);
    const batch = (tx: Tx, contacts: string[]) =>
      tx.execute(
        `insert into endpoint (tenant_id, endpoint_id, contact_id, address)
         select $1, gen_random_uuid(), c, 'batch@example.org' from unnest($2::uuid[]) c
         on conflict do nothing`,
        [tx.tenantId, contacts],
      );
    expect(await refusal(uow.run(tenant, (tx) => batch(tx, [alive, dead])))).toMatchObject({ fence: true });
    const inserted = await uow.run(tenant, async (tx) => {
      const living = await lockSubjects(tx, [alive, dead, newId()]);
      return batch(tx, [...living]);
    });
    expect(inserted).toBe(1);
  });

  it('5.2 COPY meets the wall first, and as a superuser the fence: nothing of it stays', async () => {
    const [alive, dead] = [await person(), await person()];
    await erase(dead);
    const copyAs = async (url: string) => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        const into = client.query(
          copyFrom('copy endpoint (tenant_id, endpoint_id, contact_id, address) from stdin'),
        );
        const rows = [alive, dead].map((id) => `${tenant}\t${newId()}\t${id}\tcopied@example.org\n`);
        await pipeline(Readable.from(rows), into);
      } finally {
        await client.end();
      }
    };
    // "COPY FROM not supported with row-level security"
    for (const role of ['service', 'eraser'] as const) {
      expect(await refusal(copyAs(test.urlOf(role)))).toMatchObject({ code: '0A000' });
    }
    expect(await refusal(copyAs(test.superuserUrl))).toMatchObject({ code: '23503', fence: true });
    const copied = await uow.run(tenant, (tx) =>
      tx.query(`select 1 from endpoint where address = 'copied@example.org'`),
    );
    expect(copied).toEqual([]);
  });

  it('detaches the second person by the same column, and refuses both when they are dead', async () => {
    const [contact, agent] = [await person(), await person()];
    const call = (tx: Tx) =>
      tx.execute('insert into call (tenant_id, call_id, contact_id, agent_id) values ($1, $2, $3, $4)', [
        tenant,
        newId(),
        contact,
        agent,
      ]);
    await uow.run(tenant, call);
    await uow.run(
      tenant,
      async (tx) => {
        await lockSubjectsForErasure(tx, [agent]);
        await tx.execute('update call set agent_id = null where agent_id = $1', [agent]);
        await raiseFence(tx, [agent]);
      },
      { role: 'eraser' },
    );
    expect(await refusal(uow.run(tenant, call))).toMatchObject({
      constraint: 'call_agent_id_fence',
      fence: true,
    });
    expect(await erase(contact, 'call')).toBe(1);
  });

  it('holds in every partition', async () => {
    const contact = await person();
    const permit = (tx: Tx, at: string) =>
      tx.execute('insert into permit (tenant_id, permit_id, contact_id, at) values ($1, $2, $3, $4)', [
        tenant,
        newId(),
        contact,
        at,
      ]);
    await uow.run(tenant, (tx) => permit(tx, '2026-11-21T00:00:00Z'));
    await uow.run(tenant, (tx) => permit(tx, '2026-11-24T23:59:59Z'));
    await expect(erase(contact)).rejects.toMatchObject({ reason: 'SUBJECT_STILL_HELD' });
    await erase(contact, 'permit');
    const late = await refusal(uow.run(tenant, (tx) => permit(tx, '2026-11-23T08:00:00Z')));
    expect(late).toMatchObject({ code: '23503', fence: true });
  });
});
