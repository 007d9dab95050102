import { expect, it } from '@jest/globals';
import { DomainError, newId } from '@heed/kernel';
import { addSubjects } from '@heed/postgres';
import { type Handle } from './bus-bench.js';
import { type BusUnderTest, type OpenBench } from './bus-conformance.js';
import { GROUP, note } from './bus-place.js';

const PATIENCE_MS = 120_000;

/** What becomes of events when something goes wrong. */
export function faultBehaviours(open: OpenBench, bus: BusUnderTest): void {
  it(
    'delivers again what a killed member had not committed',
    async () => {
      const bench = await open();
      const events = await bench.tell(bench.events({ keys: 10, each: 5 }));
      const child = await bench.spawn({ role: 'consumer', holdAt: 'handled' });
      child.kill('SIGKILL');
      bench.join({ name: 'survivor' });
      const noted = await bench.expectExactly(events);
      expect(new Set(noted.map(({ by }) => by))).toEqual(new Set(['survivor']));
    },
    PATIENCE_MS,
  );

  it(
    'parks an event that cannot be handled, queues its key behind it, and replays both in order',
    async () => {
      const bench = await open();
      const [bad = '', good] = [bench.events(), bench.events()].map(([event]) => event?.key);
      const events = [0, 1, 2, 3].flatMap((n) =>
        [bad, good ?? ''].map((key) => ({ tenantId: bench.tenantId, key, id: newId(), n })),
      );
      let mended = false;
      const handle: Handle = async (tx, told) => {
        await note(tx, told, 'member');
        const poison = told.some(({ key, data }) => key === bad && data.epoch === 1n);
        if (poison && !mended) throw new DomainError('NOT_UNDERSTOOD', 'internal');
      };
      const { events: member } = bench.join({ handle });
      await bench.tell(events);
      const wanted = events.filter(({ key, n }) => key === good || n === 0);
      await bench.expectExactly(wanted);
      const [parked] = await member.consumers.parked(GROUP);
      expect(parked).toMatchObject({
        key: bad,
        topic: bench.topic,
        waiting: 3,
        reason: 'NOT_UNDERSTOOD',
        attempts: 1,
      });

      // Still wrong: nothing moves, and it is counted.
      expect(await member.consumers.replayParked(GROUP, bench.topic, bad)).toEqual({
        handled: 0,
        refused: 0,
        left: 3,
      });
      mended = true;
      expect(await member.consumers.replayParked(GROUP, bench.topic, bad)).toEqual({
        handled: 3,
        refused: 0,
        left: 0,
      });
      expect(await member.consumers.parked(GROUP)).toEqual([]);

      // The key goes on.
      const later = await bench.tell([{ tenantId: bench.tenantId, key: bad, id: newId(), n: 4 }]);
      const noted = await bench.until((rows) =>
        rows.some(({ id }) => id === later[0]?.id) ? undefined : 'not yet',
      );
      bench.expectOrder(noted);
      const ids = noted.map(({ id }) => id);
      expect(
        [...events, ...later].filter(({ id }) => ids.filter((other) => other === id).length !== 1),
      ).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    'counts what the fence refuses, and neither parks nor repeats it',
    async () => {
      const bench = await open();
      const events = bench.events({ keys: 30 });
      const [erased] = events;
      await bench.sql(
        'told',
        `
        create table public.about (tenant_id uuid not null, id uuid not null, contact_id uuid, primary key (tenant_id, id));
        alter table public.about owner to campaigns_owner;
        set role campaigns_owner;
        select heed.fenced('about', subject => 'contact_id');
        reset role`,
      );
      await bench.sql(
        'told',
        `insert into heed.subject (tenant_id, subject_id, live) values ($1, $2, false)`,
        [bench.tenantId, erased?.key],
      );
      const { events: member } = bench.join({
        handle: async (tx, told) => {
          await addSubjects(
            tx,
            told.map(({ key }) => key),
          );
          await tx.execute(
            `insert into about (tenant_id, id, contact_id) select $1, id, id from unnest($2::uuid[]) id`,
            [tx.tenantId, told.map(({ key }) => key)],
          );
          await note(tx, told, 'member');
        },
      });
      await bench.tell(events);
      await bench.expectExactly(events.filter((event) => event !== erased));
      const refused = await bench.sql('told', `select consumer, reason, n::int from heed.refused`);
      expect(refused).toEqual([{ consumer: GROUP, reason: 'refused_erased', n: 1 }]);
      expect(await member.consumers.parked(GROUP)).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    'puts off what needs something that is away, in order, and parks nothing',
    async () => {
      const bench = await open();
      let away = 3;
      const { events: member } = bench.join({
        handle: async (tx, told) => {
          if (away-- > 0) throw new DomainError('CONTACTS_UNAVAILABLE', 'unavailable');
          await note(tx, told, 'member');
        },
      });
      const events = await bench.tell(bench.events({ keys: 5, each: 4 }), { atOnce: 3 });
      await bench.expectExactly(events);
      expect(away).toBeLessThan(0);
      expect(await member.consumers.parked()).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    'goes on after its broker was killed and came back',
    async () => {
      const bench = await open(await bus.restart.brokers?.());
      bench.join();
      const before = await bench.tell(bench.events({ keys: 10, each: 5 }), { atOnce: 5 });
      await bench.expectExactly(before);
      const restarting = bus.restart.act(bench);
      const meanwhile = bench.events({ keys: 10, each: 5 });
      // The outbox takes what is told, whatever is down; unless it is the database itself.
      if (bus.kind === 'kafka') await bench.tell(meanwhile, { atOnce: 5 });
      await restarting;
      if (bus.kind !== 'kafka') await bench.tell(meanwhile, { atOnce: 5 });
      const after = await bench.tell(bench.events({ keys: 10, each: 5 }), { atOnce: 5 });
      await bench.expectExactly([...before, ...meanwhile, ...after]);
    },
    PATIENCE_MS,
  );
}
