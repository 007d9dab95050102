import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import {
  addSubjects,
  admitSubjects,
  isFenceRefusal,
  lockSubjects,
  lockSubjectsForErasure,
  raiseFence,
  sqlstate,
  UnitOfWork,
  type Tx,
} from '@heed/postgres';
import { blocked, createTestDatabase, deferred, type TestDatabase } from '@heed/testing';

const people = { name: 'people', directory: new URL('migrations/', import.meta.url) };
const TABLES = ['endpoint', 'note', 'call', 'permit'];

describe('the fence, with others at the same rows', () => {
  let test: TestDatabase;
  let uow: UnitOfWork;
  const tenant = newId();

  beforeAll(async () => {
    test = await createTestDatabase('contacts', [people]);
    const database = test.open({ poolSizes: { service: 10, eraser: 6 } });
    uow = new UnitOfWork(database);
    await database.pool('owner').query(`select heed.ensure_day_partitions('permit', '2026-11-23', 3)`);
  });
  afterAll(() => test.drop());

  const insertInto: Record<string, string> = {
    endpoint: `insert into endpoint (tenant_id, endpoint_id, contact_id, address)
      select $1, gen_random_uuid(), c, 'ada@example.org' from unnest($2::uuid[]) c`,
    note: `insert into note (tenant_id, note_id, contact_id, body)
      select $1, gen_random_uuid(), c, 'body' from unnest($2::uuid[]) c`,
    call: `insert into call (tenant_id, call_id, contact_id, agent_id)
      select $1, gen_random_uuid(), c, c from unnest($2::uuid[]) c`,
    permit: `insert into permit (tenant_id, permit_id, contact_id, at)
      select $1, gen_random_uuid(), c, '2026-11-24T10:00:00Z' from unnest($2::uuid[]) c`,
  };
  const insert = (tx: Tx, table: string, contacts: string[]) =>
    tx.execute(insertInto[table]!, [tx.tenantId, contacts]);
  const erase = async (tx: Tx, contacts: string[]): Promise<number> => {
    await lockSubjectsForErasure(tx, contacts);
    for (const table of TABLES) {
      await tx.execute(`delete from ${table} where contact_id = any ($1::uuid[])`, [contacts]);
    }
    return raiseFence(tx, contacts);
  };
  const erasing = (contacts: string[]) => uow.run(tenant, (tx) => erase(tx, contacts), { role: 'eraser' });
  const survivors = async (): Promise<number> => {
    const counts = await uow.runAcross('probe', (tx) =>
      tx.query<{ n: number }>(
        TABLES.map(
          (table) =>
            `select count(*)::int as n from ${table} t join heed.subject s
             on s.tenant_id = t.tenant_id and s.subject_id = t.contact_id where not s.live`,
        ).join(' union all '),
      ),
    );
    return counts.reduce((sum, { n }) => sum + n, 0);
  };

  it('an erasure waits for an insert in flight, and takes its row too', async () => {
    const contact = newId();
    await uow.run(tenant, (tx) => addSubjects(tx, [contact]));
    const [inserted, commit, eraser] = [deferred(), deferred(), deferred<Tx>()];
    const inserting = uow.run(tenant, async (tx) => {
      await insert(tx, 'endpoint', [contact]);
      inserted.resolve();
      await commit.promise;
    });
    await inserted.promise;
    const ending = uow.run(
      tenant,
      (tx) => {
        eraser.resolve(tx);
        return erase(tx, [contact]);
      },
      { role: 'eraser' },
    );
    await blocked((await eraser.promise).client);
    commit.resolve();
    await inserting;
    expect(await ending).toBe(1);
    expect(await survivors()).toBe(0);
  });

  it('5.2 an erasure of someone who is being made known at this moment waits, and finds them living', async () => {
    const contact = newId();
    const [inserted, commit, eraser] = [deferred(), deferred(), deferred<Tx>()];
    const inserting = uow.run(tenant, async (tx) => {
      await addSubjects(tx, [contact]);
      await insert(tx, 'note', [contact]);
      inserted.resolve();
      await commit.promise;
    });
    await inserted.promise;
    const ending = uow.run(
      tenant,
      (tx) => {
        eraser.resolve(tx);
        return erase(tx, [contact]);
      },
      { role: 'eraser' },
    );
    await blocked((await eraser.promise).client);
    commit.resolve();
    await inserting;
    expect(await ending).toBe(1);
    expect(await survivors()).toBe(0);
  });

  it('an insert waits for an erasure in flight and is refused; a handler that locks first drops the dead', async () => {
    const contact = newId();
    await uow.run(tenant, (tx) => addSubjects(tx, [contact]));
    const [erased, commit] = [deferred(), deferred()];
    const ending = uow.run(
      tenant,
      async (tx) => {
        await erase(tx, [contact]);
        erased.resolve();
        await commit.promise;
      },
      { role: 'eraser' },
    );
    await erased.promise;
    const [late, handler] = [deferred<Tx>(), deferred<Tx>()];
    const inserting = uow
      .run(tenant, (tx) => {
        late.resolve(tx);
        return insert(tx, 'endpoint', [contact]);
      })
      .catch((error: unknown) => error);
    const handling = uow.run(tenant, async (tx) => {
      handler.resolve(tx);
      return lockSubjects(tx, [contact]);
    });
    await blocked((await late.promise).client);
    await blocked((await handler.promise).client);
    commit.resolve();
    await ending;
    expect(isFenceRefusal(await inserting)).toBe(true);
    expect(await handling).toEqual(new Set());
  });

  it('takes from many at once that the same people are there', async () => {
    for (let round = 0; round < 60; round++) {
      const people = Array.from({ length: 20 }, newId);
      await Promise.all(Array.from({ length: 8 }, () => uow.run(tenant, (tx) => addSubjects(tx, people))));
      expect((await uow.run(tenant, (tx) => lockSubjects(tx, people))).size).toBe(20);
    }
  });

  it('batches inserting against batches erasing, in every table: no survivor, no deadlock, no error', async () => {
    const contacts = Array.from({ length: 120 }, newId);
    const pick = (size: number): string[] =>
      Array.from({ length: size }, () => contacts[Math.floor(Math.random() * contacts.length)]!);
    const left = [...contacts].sort(() => Math.random() - 0.5);
    const codes = new Map<string, number>();
    const counted = async (name: string, work: Promise<unknown>): Promise<void> => {
      const outcome = await work.then(
        () => name,
        (error: unknown) => sqlstate(error) ?? String(error),
      );
      codes.set(outcome, (codes.get(outcome) ?? 0) + 1);
    };
    let done = false;
    const inserter = async (at: number): Promise<void> => {
      while (!done) {
        const table = TABLES[at % TABLES.length]!;
        // Every other one as an event about people not seen here before; ids unsorted, as events are.
        const admit = at % 2 ? admitSubjects : lockSubjects;
        await counted(
          'inserted',
          uow.run(tenant, async (tx) => insert(tx, table, [...(await admit(tx, pick(12)))])),
        );
      }
    };
    const eraser = async (): Promise<void> => {
      for (let batch = left.splice(0, 6); batch.length > 0; batch = left.splice(0, 6)) {
        // An order names again who is dead already, in any order.
        await counted('erased', erasing([...batch, ...pick(3)].sort(() => Math.random() - 0.5)));
      }
    };
    const inserters = Array.from({ length: 8 }, (_, at) => inserter(at));
    await Promise.all(Array.from({ length: 4 }, eraser));
    done = true;
    await Promise.all(inserters);
    expect([...codes.keys()].sort()).toEqual(['erased', 'inserted']);
    expect(await survivors()).toBe(0);
    const living = await uow.run(tenant, (tx) => lockSubjects(tx, contacts));
    expect(living.size).toBe(0);
  });

  it('without the lock the fence holds all the same: refusals, and no survivor', async () => {
    const contacts = Array.from({ length: 60 }, newId);
    await uow.run(tenant, (tx) => addSubjects(tx, contacts));
    const outcomes = new Set<string>();
    const inserting = contacts.flatMap((contact) =>
      TABLES.map(async (table) => {
        try {
          await uow.run(tenant, (tx) => insert(tx, table, [contact]));
          outcomes.add('inserted');
        } catch (error) {
          outcomes.add(isFenceRefusal(error) ? 'refused_erased' : (sqlstate(error) ?? String(error)));
        }
      }),
    );
    await Promise.all([...inserting, ...contacts.map((contact) => erasing([contact]))]);
    expect([...outcomes].every((outcome) => ['inserted', 'refused_erased'].includes(outcome))).toBe(true);
    expect(await survivors()).toBe(0);
  });
});
