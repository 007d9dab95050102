import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { newId } from '@heed/kernel';
import { addSubjects, type Database, sqlstate, UnitOfWork, type DatabaseRole, type Tx } from '@heed/postgres';
import { createTestDatabase, type TestDatabase } from '@heed/testing';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

const people = { name: 'people', directory: new URL('migrations/', import.meta.url) };

/** I8: tenants never meet, whatever a statement asks for. */
describe('the tenant wall', () => {
  let test: TestDatabase;
  let database: Database;
  let uow: UnitOfWork;
  const [ours, theirs] = [newId(), newId()];
  const contactOf = new Map<string, string>();

  beforeAll(async () => {
    test = await createTestDatabase('contacts', [people]);
    database = test.open();
    uow = new UnitOfWork(database);
    await database.pool('owner').query(`select heed.ensure_day_partitions('permit', '2026-11-23', 2)`);
    for (const tenant of [ours, theirs]) {
      const contact = newId();
      contactOf.set(tenant, contact);
      await uow.run(tenant, async (tx) => {
        await addSubjects(tx, [contact]);
        await tx.execute('insert into list (tenant_id, list_id, name) values ($1, $2, $3)', [
          tenant,
          newId(),
          'newsletter',
        ]);
        await tx.execute(
          'insert into permit (tenant_id, permit_id, contact_id, at) values ($1, $2, $3, $4)',
          [tenant, newId(), contact, '2026-11-23T10:00:00Z'],
        );
      });
    }
  });
  afterAll(() => test.drop());

  async function codeOf(work: Promise<unknown>): Promise<string> {
    try {
      await work;
      return 'accepted';
    } catch (error) {
      return sqlstate(error) ?? String(error);
    }
  }
  const tenantsSeen = async (tx: Pick<Tx, 'query'>, table: string): Promise<string[]> =>
    (await tx.query<{ tenant_id: string }>(`select distinct tenant_id from ${table}`)).map(
      (row) => row.tenant_id,
    );

  it.each(['list', 'permit', 'heed.subject'])('shows a tenant its own rows of %s alone', async (table) => {
    for (const role of ['service', 'eraser'] satisfies DatabaseRole[]) {
      expect(await uow.run(ours, (tx) => tenantsSeen(tx, table), { role })).toEqual([ours]);
      expect(await uow.run(newId(), (tx) => tenantsSeen(tx, table), { role })).toEqual([]);
    }
  });

  it('shows nothing to a transaction that has entered no tenant, and binds the owner too', async () => {
    for (const role of ['service', 'owner'] satisfies DatabaseRole[]) {
      expect(await uow.runAcross(role, (tx) => tenantsSeen(tx, 'list'))).toEqual([]);
    }
  });

  it('shows the probe everything, and lets it write nothing', async () => {
    expect((await uow.runAcross('probe', (tx) => tenantsSeen(tx, 'list'))).sort()).toEqual(
      [ours, theirs].sort(),
    );
    expect(await codeOf(uow.runAcross('probe', (tx) => tx.execute('delete from list')))).toBe('25006');
    // Read-only is its default; what holds is that it was granted nothing else.
    const writing = database.pool('probe').query('begin read write; delete from list');
    expect(await codeOf(writing)).toBe('42501');
  });

  it("refuses a row of another tenant, and of another tenant's subject (42501, 23503)", async () => {
    const insert = (tenant: string, contact: string) =>
      uow.run(ours, (tx) =>
        tx.execute(
          'insert into endpoint (tenant_id, endpoint_id, contact_id, address) values ($1, $2, $3, $4)',
          [tenant, newId(), contact, 'ada@example.org'],
        ),
      );
    expect(await codeOf(insert(theirs, contactOf.get(theirs)!))).toBe('42501');
    expect(await codeOf(insert(ours, contactOf.get(theirs)!))).toBe('23503');
    expect(await codeOf(uow.run(ours, (tx) => tx.execute('update list set tenant_id = $1', [theirs])))).toBe(
      '42501',
    );
  });

  it('does not tell one tenant what another holds: equal names do not collide', async () => {
    const names = (tenant: string) =>
      uow.run(tenant, (tx) => tx.query<{ name: string }>('select name from list'));
    expect(await names(ours)).toEqual(await names(theirs));
  });

  it('8.2 stands on every partition, and no role may read one by its own name', async () => {
    const partition = 'permit_d20261123';
    expect(await codeOf(uow.run(ours, (tx) => tenantsSeen(tx, partition)))).toBe('42501');
    // Even where somebody grants it, the partition has the policy itself.
    await database.pool('owner').query(`grant select on ${partition} to contacts_service`);
    expect(await uow.run(ours, (tx) => tenantsSeen(tx, partition))).toEqual([ours]);
  });

  it('8.2 COPY is refused to the service and works for the role of imports, whose table shuts out the service', async () => {
    const into = (client: pg.ClientBase, table: string): Promise<void> =>
      pipeline(
        Readable.from([`${ours}\t${newId()}\tone line\tada@example.org\n`]),
        client.query(copyFrom(`copy ${table} from stdin`)),
      );
    // On a connection of its own: the driver refuses COPY on those that send statements ahead.
    const service = new pg.Client({ connectionString: test.urlOf('service') });
    await service.connect();
    await expect(into(service, 'list')).rejects.toMatchObject({ code: '0A000' });
    await service.end();
    await uow.run(ours, (tx) => into(tx.client, 'staged_row (tenant_id, import_id, line, address)'), {
      role: 'import',
      copies: true,
    });
    await expect(uow.run(ours, () => Promise.resolve(), { copies: true })).rejects.toMatchObject({
      reason: 'COPY_WITHOUT_POOL',
    });
    expect(await codeOf(uow.run(ours, (tx) => tenantsSeen(tx, 'staged_row')))).toBe('42501');
    expect(await uow.run(theirs, (tx) => tenantsSeen(tx, 'staged_row'), { role: 'eraser' })).toEqual([]);
    expect(await uow.run(ours, (tx) => tenantsSeen(tx, 'staged_row'), { role: 'eraser' })).toEqual([ours]);
  });

  it('4.2 keeps no statistics of personal columns, in no partition and no index', async () => {
    const secret = `${newId()}@example.org`;
    await uow.run(ours, (tx) =>
      tx.execute(
        `insert into endpoint (tenant_id, endpoint_id, contact_id, address)
         select $1, gen_random_uuid(), $2, $3 from generate_series(1, 500)`,
        [ours, contactOf.get(ours), secret],
      ),
    );
    const superuser = new pg.Client({ connectionString: test.superuserUrl });
    await superuser.connect();
    try {
      await superuser.query('analyze');
      const { rows } = await superuser.query(
        `select attname from pg_stats where tablename ~ '^(endpoint|permit|note)' and attname <> all ($1)
         and schemaname = 'public' order by 1`,
        [
          [
            'tenant_id',
            'endpoint_id',
            'contact_id',
            'subject_live',
            'permit_id',
            'at',
            'note_id',
            'retained_under',
          ],
        ],
      );
      expect(rows).toEqual([]);
      const found = await superuser.query(`select 1 from pg_stats where most_common_vals::text like $1`, [
        `%${secret}%`,
      ]);
      expect(found.rowCount).toBe(0);
    } finally {
      await superuser.end();
    }
  });

  it('helpers refuse a table that they could not protect', async () => {
    const refused = async (sql: string): Promise<string> => {
      try {
        await database.pool('owner').query(`begin; ${sql}; commit`);
        return 'accepted';
      } catch (error) {
        await database.pool('owner').query('rollback');
        return (error as Error).message;
      }
    };
    expect(await refused(`create table t (id uuid primary key); select heed.walled('t')`)).toContain(
      't has no column "tenant_id uuid not null"',
    );
    expect(
      await refused(`create table t (tenant_id uuid not null, name text unique); select heed.walled('t')`),
    ).toContain('t_name_key of t does not begin with tenant_id');
    expect(
      await refused(
        `create table t (tenant_id uuid not null, person text); select heed.fenced('t', subject => 'person')`,
      ),
    ).toContain('t has no column "person uuid"');
  });

  it('partitions by day are made ahead by the service and dropped when their time is over', async () => {
    const call = (sql: string, ...params: unknown[]) =>
      uow.run(ours, (tx) => tx.query<{ n: number }>(sql, params)).then((rows) => rows[0]!.n);
    const ensure = (at: string, days: number) =>
      call(`select heed.ensure_day_partitions('permit', $1, $2) as n`, at, days);
    const drop = (at: string, notAfter = 'infinity') =>
      call(`select heed.drop_day_partitions('permit', $1, $2) as n`, at, notAfter);
    expect(await ensure('2026-11-23T23:59:59Z', 4)).toBe(2);
    expect(await ensure('2026-11-23T00:00:00Z', 4)).toBe(0);
    // Kept 35 days from the end of the day.
    expect(await drop('2026-12-28T23:59:59Z')).toBe(0);
    expect(await drop('2026-12-30T00:00:00Z', '2026-11-24T00:00:00Z')).toBe(1);
    expect(await drop('2026-12-30T00:00:00Z')).toBe(1);
    expect(await codeOf(ensure('2026-12-01', 70))).toBe('HD002');
    const other = uow.run(ours, (tx) =>
      tx.query(`select heed.ensure_day_partitions('list', '2026-11-23', 1)`),
    );
    expect(await codeOf(other)).toBe('HD002');
    const helper = uow.run(ours, (tx) => tx.query(`select heed.raise_wall('list')`));
    expect(await codeOf(helper)).toBe('42501');
  });
});
