import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ConsentChanged, contactsV1 } from '@heed/contracts';
import { eventMigrations, type IncomingEvent } from '@heed/events';
import { DomainError, newId, systemClock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { logger } from '@heed/telemetry';
import { createTestDatabase, gate, type TestDatabase } from '@heed/testing';
import { type DeadLetter, type Delivery } from '../src/bus.js';
import { headersOf } from '../src/cloud-events.js';
import { Inbox } from '../src/inbox.js';
import { typesOf } from '../src/incoming-event.js';
import { AskedReplays } from '../src/asked-replays.js';
import { askForReplay, listParkedKeys } from '../src/parking.store.js';
import { replayParked } from '../src/replay-parked.js';

type Handle = (tx: Tx, events: IncomingEvent<unknown>[]) => Promise<void>;

const tenantId = newId();
const types = typesOf([ConsentChanged]);
const stream = { topic: ConsentChanged.topic, partition: 0 };

let db: TestDatabase;
let work: UnitOfWork;
let consumer: string;
let offset: number;
let lines: string[];
let letters: DeadLetter[];
let handled: string[];

beforeAll(async () => {
  db = await createTestDatabase('campaigns', [{ name: 'events', directory: eventMigrations.directory }]);
  work = new UnitOfWork(db.open());
});
afterAll(() => db.drop());

beforeEach(() => {
  consumer = `campaigns.n${newId().slice(-12)}`;
  offset = 0;
  [lines, letters, handled] = [[], [], []];
});

const remember: Handle = async (_tx, events) => void handled.push(...events.map(({ id }) => id));

async function inbox(handle: Handle = remember): Promise<Inbox> {
  const made = new Inbox({
    ...{ consumer, topics: [stream.topic], types, acting: false, role: 'service', handle, work },
    clock: systemClock,
    log: logger({}, { write: (line) => lines.push(line) }),
    announce: async (told) => void letters.push(...told),
    onQuarantine: () => undefined,
  });
  await made.cursors([{ stream, beginning: '0' }]);
  return made;
}

function delivery(change: Partial<Delivery> & { tenant?: string; id?: string } = {}): Delivery {
  const { tenant = tenantId, id = newId(), key = newId(), ...rest } = change;
  const data = contactsV1.ConsentChanged.fromPartial({ contactId: newId(), entryId: newId() });
  const from = String(offset);
  offset += 1;
  const row = {
    ...{ seq: 1n, id, tenantId: tenant, type: ConsentChanged.name, topic: stream.topic, shard: 0, key },
    ...{ subject: null, sequence: null, occurredAt: new Date(), traceparent: null },
    payload: Buffer.from(ConsentChanged.codec.encode(data).finish()),
  };
  return {
    ...{ stream, from, to: String(offset), origin: { ...stream, offset: from }, key },
    ...{ headers: headersOf(row, 'contacts'), payload: row.payload, replayed: false },
    ...rest,
  };
}

const idOf = ({ headers }: Delivery): string => headers['ce_id'] ?? '';
const nothing = (): void => undefined;
const parked = () => work.runAcross('service', (tx) => listParkedKeys(tx, consumer, 100));

describe('the inbox', () => {
  it('handles an event once that comes twice in one batch, and again later', async () => {
    const into = await inbox();
    const first = delivery();
    const again = { ...delivery(), headers: first.headers };
    const second = delivery();
    await into.take([first, again, second], nothing);
    await into.take([{ ...delivery(), headers: second.headers }], nothing);
    expect(handled).toEqual([idOf(first), idOf(second)]);
  });

  it('takes nothing from a member whose cursor is not the one in the database', async () => {
    const door = gate();
    const slow = await inbox(async (tx, events) => {
      await door();
      await remember(tx, events);
    });
    const batch = [delivery(), delivery()];
    const first = slow.take(batch, nothing);
    await door.reached;
    // A zombie with the same records waits at the cursor's row, then learns that it has moved.
    const refused = expect((await inbox()).take(batch, nothing)).rejects.toMatchObject({
      reason: 'CURSOR_MOVED',
    });
    door.open();
    await first;
    await refused;
    expect(handled).toEqual(batch.map(idOf));
  });

  it('9.6 finds one poisoned event among many by halves, and handles all others', async () => {
    const batch = Array.from({ length: 256 }, () => delivery());
    const bad = batch[77] as Delivery;
    let calls = 0;
    const into = await inbox(async (tx, events) => {
      calls += 1;
      if (events.some(({ id }) => id === idOf(bad))) throw new DomainError('NOT_UNDERSTOOD', 'internal');
      await tx.query('select 1');
      handled.push(...events.map(({ id }) => id));
    });
    const reached: string[] = [];
    await into.take(batch, (_, position) => reached.push(position));
    expect(handled).toEqual(batch.filter((one) => one !== bad).map(idOf));
    expect(calls).toBeLessThan(20);
    expect(reached.at(-1)).toBe('256');
    expect(letters).toMatchObject([
      { consumer, reason: 'NOT_UNDERSTOOD', eventId: idOf(bad), origin: { offset: '77' } },
    ]);
  });

  it.each<[string, Partial<Delivery>]>([
    ['EVENT_PAYLOAD_MALFORMED', { payload: Buffer.from([0x0a, 0xff, 0x01]) }],
    ['EVENT_ID_INVALID', { headers: {} }],
  ])('parks what is no event: %s', async (reason, wrong) => {
    const into = await inbox();
    const [bad, behind, good] = [delivery({ ...wrong, key: 'same' }), delivery({ key: 'same' }), delivery()];
    await into.take([bad, behind, good], nothing);
    expect(handled).toEqual([idOf(good)]);
    const type = wrong.headers ? null : ConsentChanged.name;
    expect(await parked()).toMatchObject([{ key: 'same', waiting: 2, type, reason }]);
  });

  it('8.3 parks an event whose payload names another tenant than its header', async () => {
    const Tenanted = {
      ...ConsentChanged,
      codec: { ...ConsentChanged.codec, decode: () => ({ tenantId: newId() }) },
    };
    const into = new Inbox({
      ...{ consumer, topics: [stream.topic], types: typesOf([Tenanted]), acting: false, role: 'service' },
      ...{ handle: remember, work, clock: systemClock, log: logger({}, { write: nothing }) },
      ...{ announce: async () => undefined, onQuarantine: nothing },
    });
    await into.cursors([{ stream, beginning: '0' }]);
    await into.take([delivery()], nothing);
    expect(handled).toEqual([]);
    expect(await parked()).toMatchObject([{ reason: 'EVENT_TENANT_MISMATCH' }]);
  });

  it('passes over types that it does not handle, and remembers nothing of them', async () => {
    const into = await inbox();
    const foreign = delivery();
    foreign.headers = { ...foreign.headers, ce_type: 'heed.contacts.v1.Another' };
    const last = delivery();
    await into.take([foreign, last], nothing);
    expect(handled).toEqual([idOf(last)]);
    const [cursor] = await work.runAcross('service', (tx) =>
      tx.query<{ position: string; witness: string; ids: number }>(
        `select c.position, c.witness, (select count(*)::int from heed.inbox i where i.consumer = c.consumer) as ids
         from heed.inbox_cursor c where consumer = $1`,
        [consumer],
      ),
    );
    expect(cursor).toEqual({ position: '2', witness: idOf(last), ids: 1 });
  });

  it('3.2 keeps no word of an error: neither in the row, nor in the letter, nor in the log', async () => {
    const into = await inbox(() => Promise.reject(new Error('550 user jane@example.org unknown')));
    await into.take([delivery()], nothing);
    const rows = await work.runAcross('service', (tx) =>
      tx.query('select * from heed.parked where consumer = $1', [consumer]),
    );
    expect(rows).toMatchObject([{ reason: 'HANDLER_FAILED', sqlstate: null }]);
    expect(JSON.stringify(rows) + JSON.stringify(letters) + lines.join('')).not.toContain('jane');
  });

  it('gives a batch back whole when what it needs is away, and keeps what was committed before', async () => {
    let away = true;
    const into = await inbox(async (tx, events) => {
      if (away) throw new DomainError('CONTACTS_UNAVAILABLE', 'unavailable');
      await remember(tx, events);
    });
    const batch = [delivery(), delivery()];
    await expect(into.take(batch, nothing)).rejects.toMatchObject({ reason: 'CONTACTS_UNAVAILABLE' });
    expect(await parked()).toEqual([]);
    away = false;
    await into.take(batch, nothing);
    expect(handled).toEqual(batch.map(idOf));
  });

  it('9.4 drops the days of ids that nothing can send again, and keeps ids of other makes as long', async () => {
    const owner = db.open().pool('owner');
    await owner.query(
      `create table heed.inbox_d20250101 partition of heed.inbox
         for values from (heed.first_id_of('2025-01-01')) to (heed.first_id_of('2025-01-02'));
       insert into heed.inbox values ('campaigns.x', heed.first_id_of('2025-01-01'), '2025-01-01'),
         ('campaigns.x', gen_random_uuid(), clock_timestamp()), ('campaigns.x', gen_random_uuid(), '2025-01-01')`,
    );
    const { rows } = await db
      .open()
      .pool('relay')
      .query<{ dropped: number }>('select heed.tend_inbox() as dropped');
    expect(rows[0]?.dropped).toBe(1);
    const left = await owner.query(`select 1 from heed.inbox where consumer = 'campaigns.x'`);
    expect(left.rowCount).toBe(1);
  });
});

describe('a replay of a parked key', () => {
  it('holds the consumer back at this key until it is done, so that order is kept', async () => {
    const key = newId();
    let wrong = true;
    const into = await inbox(async (tx, events) => {
      if (wrong) throw new DomainError('NOT_UNDERSTOOD', 'internal');
      await remember(tx, events);
    });
    const [first, second, third] = [delivery({ key }), delivery({ key }), delivery({ key })];
    await into.take([first], nothing);
    await into.take([second], nothing);
    wrong = false;

    const door = gate();
    const replaying = replayParked(
      {
        ...{ consumer, role: 'service', types, work, clock: systemClock },
        handle: async (tx, events) => {
          await door();
          await remember(tx, events);
        },
      },
      stream.topic,
      key,
    );
    await door.reached;
    const arriving = into.take([third], nothing);
    door.open();
    await arriving;
    const replay = await replaying;
    expect(replay.left).toBe(0);
    expect(handled).toEqual([first, second, third].map(idOf));
    expect(await parked()).toEqual([]);
  });

  it('stops at the event that fails again, and counts the try', async () => {
    const key = newId();
    const into = await inbox(() => Promise.reject(new DomainError('NOT_UNDERSTOOD', 'internal')));
    const [first, second] = [delivery({ key }), delivery({ key })];
    await into.take([first, second], nothing);
    const handle: Handle = async (tx, events) => {
      if (events[0]?.id === idOf(second)) throw new DomainError('STILL_NOT', 'invalid-argument');
      await remember(tx, events);
    };
    const options = { consumer, role: 'service' as const, types, work, clock: systemClock, handle };
    expect(await replayParked(options, stream.topic, key)).toEqual({ handled: 1, refused: 0, left: 1 });
    expect(await parked()).toMatchObject([
      { key, waiting: 1, eventId: idOf(second), reason: 'STILL_NOT', attempts: 2 },
    ]);
  });

  it('of a key that does not stand still does nothing', async () => {
    const options = { consumer, role: 'service' as const, types, work, clock: systemClock, handle: remember };
    expect(await replayParked(options, stream.topic, newId())).toEqual({ handled: 0, refused: 0, left: 0 });
  });
});

describe('a parked key that an operator has marked', () => {
  const owner = () => work.runAcross('owner', (tx) => askForReplay(tx, consumer, {}, systemClock.now()));

  function asked(handle: Handle, consumers = [consumer]): AskedReplays {
    const options = { role: 'service' as const, types, work, clock: systemClock, handle };
    return new AskedReplays({
      ...{ work, clock: systemClock, log: logger({}, { write: (line) => lines.push(line) }) },
      consumers: () => consumers,
      replay: (group, topic, key) => replayParked({ ...options, consumer: group }, topic, key),
    });
  }

  async function parkTwo(): Promise<Delivery[]> {
    const key = newId();
    const into = await inbox(() => Promise.reject(new DomainError('NOT_UNDERSTOOD', 'internal')));
    const two = [delivery({ key }), delivery({ key })];
    await into.take(two, nothing);
    return two;
  }

  it('is tried by its service, in order, and goes on', async () => {
    const two = await parkTwo();
    await asked(remember).look();
    expect(handled).toEqual([]);
    expect(await owner()).toBe(1);
    await asked(remember).look();
    expect(handled).toEqual(two.map(idOf));
    expect(await parked()).toEqual([]);
  });

  it('loses its mark where it fails again, so that it is not tried for ever', async () => {
    await parkTwo();
    await owner();
    let tries = 0;
    const again = asked(() => {
      tries += 1;
      return Promise.reject(new DomainError('STILL_NOT', 'invalid-argument'));
    });
    await again.look();
    await again.look();
    expect(tries).toBe(1);
    expect(await parked()).toMatchObject([{ reason: 'STILL_NOT', attempts: 2, replayAskedAt: null }]);
  });

  it('keeps its mark while the service cannot do it, and is not touched by another service', async () => {
    await parkTwo();
    await owner();
    await asked(remember, ['campaigns.another']).look();
    expect(handled).toEqual([]);
    const away = asked(() => Promise.reject(new DomainError('SERVICE_UNREACHABLE', 'unavailable')));
    await expect(away.look()).rejects.toMatchObject({ reason: 'SERVICE_UNREACHABLE' });
    expect(await parked()).toMatchObject([{ attempts: 1, replayAskedAt: expect.any(Date) }]);
  });
});
