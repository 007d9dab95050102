import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SERVICES } from '@heed/contracts';
import { newId, systemClock } from '@heed/kernel';
import { loginOf, sqlstate, type Tx, UnitOfWork } from '@heed/postgres';
import { migrationsOf, migrationsOfKeys } from '@heed/service';
import { createTestDatabase, type TestDatabase } from '@heed/testing';
import pg from 'pg';
import { SIX } from '../world/six.js';
import { addAnyRow, dropChecks } from './any-row.js';
import { type TenantRole, type WalledTable, walledTables } from './walled-tables.js';

const databases = [
  ...SIX.map((service) => ({
    name: `${service.name}`,
    service: service.name,
    sources: migrationsOf(service),
  })),
  ...SIX.map(({ name }) => ({ name: `the keys of ${name}`, service: name, sources: migrationsOfKeys })),
];
const ROLES: TenantRole[] = ['service', 'eraser'];

/**
 * What a store sees that forgets the WHERE. Tables come from the live catalogue: a new one is covered by itself. Each
 * holds a row of either tenant.
 */
describe.each(databases)('I8 the tables of $name', ({ service, sources }) => {
  const [ours, theirs] = [newId(), newId()];
  let test: TestDatabase;
  let superuser: pg.Client;
  let work: UnitOfWork;
  let tables: WalledTable[];

  beforeAll(async () => {
    test = await createTestDatabase(service, sources);
    superuser = new pg.Client({ connectionString: test.superuserUrl });
    await superuser.connect();
    work = new UnitOfWork(test.open());
    const at = systemClock.now();
    // As the services do when they start.
    await superuser.query(
      'select heed.ensure_day_partitions(relation::regclass, $1, 2) from heed.day_partitioned',
      [at],
    );
    await dropChecks(superuser);
    tables = await walledTables(
      superuser,
      ROLES.map((role) => loginOf(service, role)),
    );
    for (const { name, partition } of tables) {
      const when = partition ? dayOf(name) : at;
      for (const tenant of [ours, theirs]) await addAnyRow(superuser, name, tenant, when);
    }
  });
  afterAll(async () => {
    await superuser.end();
    await test.drop();
  });

  it('are walled in all six, and hold rows of both tenants', async () => {
    expect(SERVICES).toContain(service);
    expect(tables.length).toBeGreaterThan(1);
    for (const { name } of tables) {
      const { rows } = await superuser.query(`select distinct tenant_id from ${name} order by 1`);
      expect([name, rows.map((row) => row.tenant_id)]).toEqual([name, [ours, theirs].sort()]);
    }
  });

  describe.each(ROLES)('show the %s', (role) => {
    it('only its tenant, in every table, without a WHERE', async () => {
      for (const { name, may } of reached()) {
        const seen = await outcome(role, (tx) => tx.query(`select tenant_id from ${name}`));
        expect([name, seen]).toEqual([name, may[role].select ? [ours] : '42501']);
      }
    });

    it('nothing where no tenant is set', async () => {
      const pool = test.open().pool(role);
      for (const { name, may } of reached()) {
        const read = pool.query(`select 1 from ${name}`).then(({ rowCount }) => rowCount, sqlstate);
        expect([name, await read]).toEqual([name, may[role].select ? 0 : '42501']);
      }
    });

    it('no other tenant to update or to delete', async () => {
      for (const { name, may } of reached()) {
        const moved = await outcome(role, (tx) =>
          tx.query(`update ${name} set tenant_id = $1 returning tenant_id`, [theirs]),
        );
        expect([name, moved]).toEqual([name, '42501']);
        if (!may[role].delete) continue;
        const deleted = await outcome(role, (tx) => tx.query(`delete from ${name} returning tenant_id`));
        expect([name, deleted]).toEqual([name, [ours]]);
      }
    });

    it('no way to insert for another tenant', async () => {
      for (const { name, may } of reached()) {
        const columns = may[role].insert.map((column) => `"${column}"`).join(', ');
        if (columns === '') continue;
        // Everything as in the row of ours, but for the tenant.
        const row = `select (jsonb_populate_record(t, jsonb_build_object('tenant_id', $1::uuid))).*
                     from ${name} t where tenant_id = $2`;
        const { rows } = await superuser.query<Record<string, unknown>>(row, [theirs, ours]);
        const values = may[role].insert.map((column) => rows[0]![column]);
        const places = values.map((_, index) => `$${index + 1}`).join(', ');
        const inserting = `insert into ${name} (${columns}) overriding system value values (${places})`;
        const refused = await outcome(role, (tx) => tx.query(inserting, values), true);
        expect([name, refused]).toEqual([name, expect.stringContaining('row-level security')]);
      }
    });

    it('8.2 no partition by its own name, and behind it only its tenant should somebody grant it', async () => {
      for (const { name } of tables.filter(({ partition }) => partition)) {
        const read = `select distinct tenant_id from ${name}`;
        expect([name, await outcome(role, (tx) => tx.query(read))]).toEqual([name, '42501']);
        await superuser.query('begin');
        try {
          await superuser.query(`grant select on ${name} to ${loginOf(service, role)}`);
          await superuser.query(`select set_config('heed.tenant', $1, true)`, [ours]);
          await superuser.query(`set local role ${loginOf(service, role)}`);
          const { rows } = await superuser.query<{ tenant_id: string }>(read);
          expect([name, rows.map((row) => row.tenant_id)]).toEqual([name, [ours]]);
        } finally {
          await superuser.query('rollback');
        }
      }
    });
  });

  /** Tables as stores name them. */
  function reached(): WalledTable[] {
    return tables.filter(({ partition }) => !partition);
  }

  /** The tenants that a statement of ours has touched, or why it was refused. Nothing of it stays. */
  async function outcome(
    role: TenantRole,
    statement: (tx: Tx) => Promise<{ tenant_id?: string }[]>,
    inWords = false,
  ): Promise<unknown> {
    const rollback = new Error('nothing stays');
    let seen: unknown;
    const run = async (tx: Tx): Promise<void> => {
      seen = [...new Set((await statement(tx)).map((row) => row.tenant_id))];
      throw rollback;
    };
    await work.run(ours, run, { role }).catch((error: unknown) => {
      if (error !== rollback) seen = inWords ? (error as Error).message : (sqlstate(error) ?? String(error));
    });
    return seen;
  }
});

/** permit_d20261127 → a moment of that day. */
function dayOf(partition: string): Date {
  const [, year, month, day] = /_d(\d{4})(\d\d)(\d\d)"?$/.exec(partition) ?? [];
  if (day === undefined) throw new Error(`${partition} is not of a day: say in this spec what goes into it`);
  return new Date(`${year}-${month}-${day}T12:00:00Z`);
}
