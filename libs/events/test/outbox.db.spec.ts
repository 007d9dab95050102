import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConsentChanged, contactsV1, DispatchRequested, campaignsV1, topics } from '@heed/contracts';
import { eventMigrations, Outbox, partitionOf } from '@heed/events';
import { newId, systemClock } from '@heed/kernel';
import { addSubjects, sqlstate, UnitOfWork, type Database } from '@heed/postgres';
import { createTestDatabase, type TestDatabase } from '@heed/testing';
import pg from 'pg';
import { BEGINNING, formatPosition, parsePosition, type OutboxPosition } from '../src/outbox-position.js';
import { READER_OPTIONS, readOutbox } from '../src/outbox-reader.store.js';

let db: TestDatabase;
let database: Database;
let work: UnitOfWork;
let commits = 0;
let outbox: Outbox;

beforeAll(async () => {
  db = await createTestDatabase('contacts', [{ name: 'events', directory: eventMigrations.directory }]);
  database = db.open();
  work = new UnitOfWork(database);
  outbox = new Outbox({ service: 'contacts', topics, clock: systemClock, committed: () => (commits += 1) });
});

afterAll(() => db.drop());

function changed(contactId = newId()): contactsV1.ConsentChanged {
  return contactsV1.ConsentChanged.fromPartial({ contactId, entryId: newId(), purpose: 'news', epoch: 1n });
}

/** Unordered, so that no subject is needed. */
const Changed = { ...ConsentChanged, ordered: false };

/** Reads on from a position until nothing is left, as text at every step: what a crash would leave. */
async function readOn(from: string, limit = 1_000): Promise<{ ids: string[]; at: string; pages: number }> {
  const ids: string[] = [];
  let at = from;
  for (let pages = 1; ; pages += 1) {
    const page = await readOutbox(database.pool('relay'), parsePosition(at), limit);
    ids.push(...page.rows.map(({ id }) => id));
    at = formatPosition(page.next);
    if (page.next.walk === undefined) return { ids, at, pages };
  }
}

const end = async (): Promise<string> => (await readOn(BEGINNING, 100_000)).at;

describe('the outbox', () => {
  it('holds an event as it will be published, and tells the relay after the commit', async () => {
    const tenantId = newId();
    const data = changed();
    const from = await end();
    const before = commits;
    await work.run(tenantId, async (tx) => {
      await addSubjects(tx, [data.contactId]);
      await outbox.add(tx, ConsentChanged, data);
      expect(commits).toBe(before);
    });
    expect(commits).toBe(before + 1);
    const { rows } = await readOutbox(database.pool('relay'), parsePosition(from), 10);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      ...{ tenantId, type: ConsentChanged.name, topic: ConsentChanged.topic, key: data.contactId },
      ...{ subject: data.contactId, sequence: 1n, shard: partitionOf(data.contactId, 6) },
    });
    expect(contactsV1.ConsentChanged.decode(rows[0]?.payload ?? Buffer.alloc(0))).toEqual(data);
  });

  it('keeps nothing of a transaction that rolls back', async () => {
    const from = await end();
    const failing = work.run(newId(), async (tx) => {
      await outbox.add(tx, Changed, changed());
      throw new Error('of the use case');
    });
    await expect(failing).rejects.toThrow('of the use case');
    expect((await readOn(from)).ids).toEqual([]);
  });

  it('refuses an event of another service, an unordered number and a subject nobody knows', async () => {
    const tenantId = newId();
    const dispatch = campaignsV1.DispatchRequested.fromPartial({});
    await expect(
      work.run(tenantId, (tx) => outbox.add(tx, DispatchRequested, dispatch)),
    ).rejects.toMatchObject({
      reason: 'EVENT_OF_ANOTHER_SERVICE',
    });
    await expect(work.run(tenantId, (tx) => outbox.add(tx, ConsentChanged, changed()))).rejects.toMatchObject(
      {
        reason: 'SUBJECT_UNKNOWN',
      },
    );
    const keyless = work.run(tenantId, (tx) =>
      outbox.add(tx, Changed, changed(), { key: 'jane@example.org' }),
    );
    await expect(keyless).rejects.toMatchObject({ reason: 'EVENT_KEY_INVALID' });
  });

  it('8.1 cannot be read, changed or emptied by who serves, nor filled for another tenant', async () => {
    const tenantId = newId();
    const refusals = [
      'select id from heed.outbox',
      'update heed.outbox set tenant_id = tenant_id',
      'delete from heed.outbox',
      `insert into heed.outbox (tenant_id, id, type, topic, shard, key, occurred_at, payload)
       values ('${newId()}', '${newId()}', 't', 't', 0, 'k', '2026-11-23', '')`,
    ];
    for (const sql of refusals) {
      const refused = await work.run(tenantId, (tx) => tx.execute(sql)).catch((error: unknown) => error);
      expect(sqlstate(refused)).toBe('42501');
    }
  });

  it("shows its rows to the bus' role, and nothing else of the service", async () => {
    await work.run(newId(), (tx) => outbox.add(tx, Changed, changed()));
    const bus = database.pool('bus');
    const { rows } = await bus.query<{ n: number }>('select count(*)::int as n from heed.outbox');
    expect(rows[0]?.n).toBeGreaterThan(0);
    for (const table of ['heed.subject', 'heed.inbox_cursor', 'heed.parked', 'heed.relay_cursor']) {
      const refused = await bus.query(`select * from ${table}`).catch((error: unknown) => error);
      expect(sqlstate(refused)).toBe('42501');
    }
  });
});

describe('a reader of the outbox', () => {
  it('9.3 never skips a transaction that took its number early and commits late', async () => {
    const tenantId = newId();
    const late = new pg.Client(db.urlOf('service'));
    await late.connect();
    try {
      await late.query(`begin; select set_config('heed.tenant', '${tenantId}', true)`);
      const first = newId();
      await late.query(
        `insert into heed.outbox (tenant_id, id, type, topic, shard, key, occurred_at, payload)
         values ($1, $2, 't', 't', 0, 'k', '2026-11-23', '')`,
        [tenantId, first],
      );
      let { at } = await readOn(BEGINNING, 100_000);
      // Later number, earlier commit; and the reader moves on, again and again.
      for (let i = 0; i < 3; i += 1) {
        await work.run(tenantId, (tx) => outbox.add(tx, Changed, changed()));
        const read = await readOn(at);
        expect(read.ids).toHaveLength(1);
        expect(read.ids).not.toContain(first);
        at = read.at;
      }
      await late.query('commit');
      expect((await readOn(at)).ids).toEqual([first]);
    } finally {
      await late.end();
    }
  });

  it('walks through a backlog in pages, in order, and goes on from any of them', async () => {
    const tenantId = newId();
    const from = await end();
    const events = Array.from({ length: 2_500 }, () => ({ data: changed() }));
    await work.run(tenantId, (tx) => outbox.addAll(tx, Changed, events));
    // Committed during the walk: not part of it, and not lost.
    const positions: OutboxPosition[] = [parsePosition(from)];
    const first = await readOutbox(database.pool('relay'), parsePosition(from), 400);
    await work.run(tenantId, (tx) => outbox.add(tx, Changed, changed()));
    const rest = await readOn(formatPosition(first.next), 400);
    const seqs = first.rows.map(({ seq }) => seq);
    expect(seqs).toEqual([...seqs].sort((a, b) => Number(a - b)));
    expect(first.rows).toHaveLength(400);
    expect(first.rows.length + rest.ids.length).toBe(2_500);
    expect((await readOn(rest.at)).ids).toHaveLength(1);
    // The same from the start and from the second page: a crash repeats, and never skips.
    const again = await readOn(formatPosition(positions[0] as OutboxPosition), 400);
    expect(again.ids.slice(0, 400)).toEqual(first.rows.map(({ id }) => id));
    expect(new Set([...first.rows.map(({ id }) => id), ...rest.ids]).size).toBe(2_500);
    expect(again.ids).toHaveLength(2_501);
  });

  it('reads the new by an index, however much is old and however large its transactions were', async () => {
    const events = Array.from({ length: 5_000 }, () => ({ data: changed() }));
    await work.run(newId(), (tx) => outbox.addAll(tx, Changed, events));
    await database.pool('owner').query('analyze heed.outbox');
    const relay = new pg.Client(db.urlOf('relay'));
    await relay.connect();
    try {
      await relay.query(READER_OPTIONS.seqscanOff);
      const plans: string[] = [];
      // Looks over the reader's shoulder: the very statements that it sends, explained.
      await readOutbox(
        {
          query: async ({ text, values }) => {
            const { rows } = await relay.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values);
            plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
            return relay.query(text, values);
          },
        },
        parsePosition(BEGINNING),
        100,
      );
      expect(plans).toHaveLength(3);
      expect(plans.filter((plan) => /Seq Scan on outbox/.test(plan))).toEqual([]);
      expect(plans[0]).toMatch(/outbox_d\d+_xid_idx/);
      expect(plans[2]).toMatch(/outbox_d\d+_seq_idx/);
    } finally {
      await relay.end();
    }
  });
});

describe('the days of the outbox', () => {
  const days = async (): Promise<string[]> => {
    const { rows } = await database
      .pool('owner')
      .query<{ name: string }>(
        `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'heed.outbox'::regclass order by 1`,
      );
    return rows.map(({ name }) => name);
  };

  it('9.2 are there for a week ahead, and an old one goes once the relay has passed it', async () => {
    const owner = database.pool('owner');
    expect((await days()).length).toBeGreaterThanOrEqual(8);
    await owner.query(
      `select heed.ensure_day_partitions('heed.outbox', clock_timestamp() - interval '9 days', 1)`,
    );
    const superuser = new pg.Client(db.superuserUrl);
    await superuser.connect();
    try {
      const before = await days();
      await superuser.query(
        `insert into heed.outbox (at, tenant_id, id, type, topic, shard, key, occurred_at, payload)
         values (clock_timestamp() - interval '9 days', $1, $1, 't', 't', 0, 'k', '2026-11-23', '')`,
        [newId()],
      );
      // The relay has not read it: it stays, however old.
      const tend = (reader: string) =>
        database.pool('relay').query<{ dropped: number }>('select heed.tend_outbox($1) as dropped', [reader]);
      expect((await tend('1:1:')).rows[0]?.dropped).toBe(0);
      expect(await days()).toEqual(before);
      expect((await tend(await end())).rows[0]?.dropped).toBe(1);
      expect((await days()).length).toBe(before.length - 1);
      // Readers of the embedded bus can see that something went.
      const { rows } = await superuser.query<{ seq: string }>('select seq from heed.outbox_horizon');
      expect(BigInt(rows[0]?.seq ?? 0)).toBeGreaterThan(0n);
    } finally {
      await superuser.end();
    }
  });
});
