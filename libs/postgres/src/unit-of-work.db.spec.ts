import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isDomainError, newId } from '@heed/kernel';
import { blocked, createTestDatabase, deferred, type TestDatabase } from '@heed/testing';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { addSubjects, Database, reasonOf, UnitOfWork, type Tx } from './index.js';

@Entity('list')
class List {
  @PrimaryColumn('uuid')
  tenantId!: string;
  @PrimaryColumn('uuid')
  listId!: string;
  @Column('text')
  name!: string;
}

const people = { name: 'people', directory: new URL('../test/migrations/', import.meta.url) };

describe('a unit of work', () => {
  let test: TestDatabase;
  let database: Database;
  let uow: UnitOfWork;
  const reported: unknown[] = [];
  const tenant = newId();

  beforeAll(async () => {
    test = await createTestDatabase('contacts', [people]);
    database = test.open({ entities: [List] });
    uow = new UnitOfWork(database, (error) => reported.push(error));
  });
  afterAll(() => test.drop());

  const insert = (tx: Pick<Tx, 'execute' | 'tenantId'>, name: string) =>
    tx.execute('insert into list (tenant_id, list_id, name) values ($1, $2, $3)', [
      tx.tenantId,
      newId(),
      name,
    ]);
  const names = async (of = tenant) =>
    (await uow.run(of, (tx) => tx.query<{ name: string }>('select name from list order by name'))).map(
      (row) => row.name,
    );

  it('commits when the work returns, and undoes everything when it throws', async () => {
    const of = newId();
    await uow.run(of, (tx) => insert(tx, 'kept'));
    const failing = uow.run(of, async (tx) => {
      await insert(tx, 'lost');
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await names(of)).toEqual(['kept']);
  });

  it('shares one connection between entities and SQL, as any role', async () => {
    const of = newId();
    for (const role of ['service', 'eraser'] as const) {
      await uow.run(
        of,
        async (tx) => {
          await tx.manager.save(List, { tenantId: of, listId: newId(), name: `by ${role}` });
          const [row] = await tx.query<{ user: string; xid: string }>(
            'select current_user as user, pg_current_xact_id()::text as xid',
          );
          const [same] = (await tx.manager.query('select pg_current_xact_id()::text as xid')) as [
            { xid: string },
          ];
          expect(row).toEqual({ user: `contacts_${role}`, xid: same.xid });
          expect(await tx.manager.countBy(List, { name: `by ${role}` })).toBe(1);
        },
        { role },
      );
    }
    expect(await names(of)).toEqual(['by eraser', 'by service']);
  });

  it('turns a transaction of the mapper into a savepoint, and keeps its ends to itself', async () => {
    const of = newId();
    await uow.run(of, async (tx) => {
      await insert(tx, 'outer');
      const inner = tx.manager.transaction(async (manager) => {
        await manager.save(List, { tenantId: of, listId: newId(), name: 'inner' });
        throw new Error('inner only');
      });
      await expect(inner).rejects.toThrow('inner only');
      await expect(tx.manager.queryRunner!.commitTransaction()).rejects.toMatchObject({
        reason: 'TRANSACTION_NOT_YOURS',
      });
    });
    expect(await names(of)).toEqual(['outer']);
  });

  it('refuses a look-up by an undefined id, which would find the first row', async () => {
    const looking = uow.run(tenant, (tx) =>
      tx.manager.findOneBy(List, { listId: undefined as unknown as string }),
    );
    await expect(looking).rejects.toThrow();
  });

  it('refuses to pass as committed when a failure was swallowed', async () => {
    const swallowing = uow.run(tenant, async (tx) => {
      await insert(tx, 'swallowed');
      await tx.query('select 1 / 0').catch(() => undefined);
    });
    await expect(swallowing).rejects.toMatchObject({ reason: 'TRANSACTION_ROLLED_BACK' });
    expect(await names()).not.toContain('swallowed');
  });

  it('undoes a savepoint alone, its callbacks and its tenant included', async () => {
    const [one, two] = [newId(), newId()];
    const heard: string[] = [];
    await uow.runAcross('service', async (tx) => {
      const first = await tx.enterTenant(one);
      await insert(first, 'before');
      first.afterCommit(() => void heard.push('before'));
      const failing = tx.savepoint(async (inner) => {
        const second = await inner.enterTenant(two);
        await insert(second, 'undone');
        second.afterCommit(() => void heard.push('undone'));
        throw new Error('poison');
      });
      await expect(failing).rejects.toThrow('poison');
      // PostgreSQL is back in the first tenant, and so are we.
      await insert(first, 'after');
    });
    expect(await names(one)).toEqual(['after', 'before']);
    expect(await names(two)).toEqual([]);
    expect(heard).toEqual(['before']);
  });

  it('I8 takes a Tx of a tenant that was left for an error', async () => {
    const work = uow.runAcross('service', async (tx) => {
      const first = await tx.enterTenant(newId());
      await tx.enterTenant(newId());
      await first.query('select 1');
    });
    await expect(work).rejects.toMatchObject({ reason: 'TENANT_LEFT' });
  });

  it('takes a Tx that outlived its transaction for an error', async () => {
    const kept = await uow.run(tenant, (tx) => Promise.resolve(tx));
    await expect(kept.query('select 1')).rejects.toMatchObject({ reason: 'TRANSACTION_ENDED' });
    expect(() => kept.manager).toThrow('something was not awaited');
  });

  it('leaves no tenant on the connection that it gives back', async () => {
    const single = test.open({ poolSizes: { service: 1 } });
    const alone = new UnitOfWork(single);
    await alone.run(tenant, (tx) => tx.query('select 1'));
    const { rows } = await single
      .pool('service')
      .query(`select current_setting('heed.tenant', true) as tenant`);
    expect(rows[0]).toEqual({ tenant: '' });
    for (const wrong of ['', 'x', `${tenant}'; drop table list; --`, `${tenant}\n`]) {
      await expect(alone.run(wrong, () => Promise.resolve())).rejects.toMatchObject({
        reason: 'TENANT_INVALID',
      });
    }
  });

  it('calls back after the commit only, and reports what a callback throws', async () => {
    const calls: string[] = [];
    reported.length = 0;
    await uow.run(tenant, async (tx) => {
      tx.afterCommit(() => void calls.push('one'));
      tx.afterCommit(() => {
        throw new Error('deaf');
      });
      tx.afterCommit(() => Promise.reject(new Error('late')));
      tx.afterCommit(() => void calls.push('two'));
      await insert(tx, newId());
      expect(calls).toEqual([]);
    });
    expect(calls).toEqual(['one', 'two']);
    await Promise.resolve();
    expect(reported).toHaveLength(2);
    await expect(
      uow.run(tenant, async (tx) => {
        tx.afterCommit(() => void calls.push('never'));
        await tx.query('select 1 / 0');
      }),
    ).rejects.toMatchObject({ sqlstate: '22012' });
    expect(calls).toEqual(['one', 'two']);
  });

  it('4.2 never passes on what PostgreSQL quotes of the row', async () => {
    const of = newId();
    const secret = 'ada@example.org';
    await uow.run(of, (tx) => insert(tx, secret));
    const everything = (error: unknown): string =>
      JSON.stringify(error, Object.getOwnPropertyNames(error)) + String((error as { cause?: unknown }).cause);
    const attempts: ((tx: Tx) => Promise<unknown>)[] = [
      (tx) => insert(tx, secret),
      (tx) => tx.manager.insert(List, { tenantId: of, listId: newId(), name: secret }),
      (tx) => tx.client.query('insert into list values ($1, $2, $3)', [of, newId(), secret]),
      (tx) => tx.query('select $1::uuid', [secret]),
      (tx) => tx.savepoint((inner) => inner.query(`select '${secret}'::int`)),
    ];
    for (const attempt of attempts) {
      const error: unknown = await uow.run(of, attempt).catch((thrown: unknown) => thrown);
      expect(isDomainError(error, 'DATABASE_REFUSED')).toBe(true);
      expect(everything(error)).not.toContain(secret);
    }
  });

  it('gives constraints their reasons', async () => {
    const of = newId();
    const adding = () => uow.run(of, (tx) => insert(tx, 'news'));
    await adding();
    const error: unknown = await adding().catch((thrown: unknown) => thrown);
    const reasons = { list_tenant_id_name_key: 'LIST_NAME_TAKEN' };
    expect(reasonOf(error, reasons)).toMatchObject({ reason: 'LIST_NAME_TAKEN', kind: 'already-exists' });
    expect(reasonOf(error, {})).toBe(error);
    const own = new Error('not of PostgreSQL');
    expect(reasonOf(own, reasons)).toBe(own);
  });

  it('ends statements that take too long, and waits for locks no longer than it must', async () => {
    const slow = uow.run(tenant, (tx) => tx.query('select pg_sleep(5)'), { timeoutMs: 30 });
    await expect(slow).rejects.toMatchObject({ reason: 'DATABASE_TIMEOUT', kind: 'deadline-exceeded' });
  });

  it('2.11 has connections for opt-outs when the ordinary ones are all taken', async () => {
    const busy = new UnitOfWork(test.open({ poolSizes: { service: 1 } }));
    const release = deferred();
    const taken = deferred();
    const hogging = busy.run(tenant, async () => {
      taken.resolve();
      await release.promise;
    });
    await taken.promise;
    await busy.run(tenant, (tx) => tx.query('select 1'), { priority: 'consent' });
    release.resolve();
    await hogging;
  });

  it('survives its connection being cut, between statements and at the commit', async () => {
    const single = test.open({ poolSizes: { service: 1 } });
    const cut = new UnitOfWork(single);
    const killing = async (tx: Tx): Promise<void> => {
      const pid = (tx.client as unknown as { processID: number }).processID;
      const gone = new Promise((resolve) => tx.client.once('end', () => resolve(undefined)));
      await terminate(pid);
      await gone;
    };
    await expect(
      cut.run(tenant, async (tx) => {
        await killing(tx);
        await tx.query('select 1');
      }),
    ).rejects.toMatchObject({ reason: 'DATABASE_UNAVAILABLE', kind: 'unavailable' });
    await expect(cut.run(tenant, killing)).rejects.toMatchObject({ reason: 'COMMIT_OUTCOME_UNKNOWN' });
    expect(await cut.run(tenant, (tx) => tx.query('select 1 as one'))).toEqual([{ one: 1 }]);
  });

  async function terminate(pid: number): Promise<void> {
    const superuser = new (await import('pg')).default.Client({ connectionString: test.superuserUrl });
    await superuser.connect();
    await superuser.query('select pg_terminate_backend($1)', [pid]);
    await superuser.end();
  }

  it('says that the database is away when it is', async () => {
    const away = new Database({
      service: 'contacts',
      url: 'postgres://127.0.0.1:1/x',
      passwords: 'p',
      entities: [List],
    });
    const asking = new UnitOfWork(away).run(tenant, () => Promise.resolve());
    await expect(asking).rejects.toMatchObject({ reason: 'DATABASE_UNAVAILABLE' });
    await away.close();
  });

  it('says the same where the server is there and gives no connection, for whatever reason', async () => {
    const url = new URL(test.url);
    url.pathname = '/heed_no_such_database';
    const closed = new Database({ service: 'contacts', url: url.toString(), passwords: test.passwords });
    const asking = new UnitOfWork(closed).run(tenant, () => Promise.resolve());
    // 3D000 by itself would be a fault of ours, and an event that meets it would be parked.
    await expect(asking).rejects.toMatchObject({
      ...{ reason: 'DATABASE_UNAVAILABLE', kind: 'unavailable', sqlstate: '08006' },
      message: expect.stringContaining('3D000'),
    });
    await closed.close();
  });

  it('9.3 numbers ordered events in the order of their commits', async () => {
    const person = newId();
    await uow.run(tenant, (tx) => addSubjects(tx, [person]));
    const next = async (tx: Tx): Promise<number> =>
      Number(
        (await tx.query<{ n: string }>('select heed.next_sequence($1, $2) as n', [tenant, person]))[0]!.n,
      );
    const committed: number[] = [];
    const first = deferred<Tx>();
    const release = deferred();
    const one = uow.run(tenant, async (tx) => {
      const n = await next(tx);
      tx.afterCommit(() => void committed.push(n));
      first.resolve(tx);
      await release.promise;
    });
    await first.promise;
    const second = deferred<Tx>();
    const two = uow.run(tenant, async (tx) => {
      second.resolve(tx);
      const n = await next(tx);
      tx.afterCommit(() => void committed.push(n));
    });
    await blocked((await second.promise).client);
    release.resolve();
    await Promise.all([one, two]);
    expect(committed).toEqual([1, 2]);
  });

  it('9.3 numbers a batch in its order, subjects repeated, and refuses one that nobody knows', async () => {
    const [ada, ben] = [newId(), newId()];
    await uow.run(tenant, (tx) => addSubjects(tx, [ada, ben]));
    const numbers = (ids: string[]) =>
      uow.run(tenant, (tx) =>
        tx.query<{ sequence: string }>('select sequence from heed.next_sequences($1, $2) order by ordinal', [
          tenant,
          ids,
        ]),
      );
    expect((await numbers([ben, ada, ben, ben])).map((row) => Number(row.sequence))).toEqual([1, 1, 2, 3]);
    expect((await numbers([ada, ben])).map((row) => Number(row.sequence))).toEqual([2, 4]);
    await expect(numbers([ada, newId()])).rejects.toMatchObject({ reason: 'SUBJECT_UNKNOWN' });
  });
});
