import { expect, it } from '@jest/globals';
import { type IncomingEvent } from '@heed/events';
import { newId } from '@heed/kernel';
import { currentTraceparent, withSpan } from '@heed/telemetry';
import { type BusUnderTest, type OpenBench } from './bus-conformance.js';
import { note, type Telling } from './bus-place.js';
import { gate } from './gate.js';

const PATIENCE_MS = 120_000;

/** What comes, in which order, in which company. */
export function deliveryBehaviours(open: OpenBench, { features }: BusUnderTest): void {
  it(
    'delivers every event once and in order within its key',
    async () => {
      const bench = await open();
      bench.join();
      const events = bench.events({ keys: 20, each: 25 });
      // Interleaved: the first of each key, the second of each key, ...
      await bench.tell(
        [...events].sort((a, b) => a.n - b.n),
        { atOnce: 7 },
      );
      expect(await bench.expectExactly(events)).toHaveLength(500);
    },
    PATIENCE_MS,
  );

  it(
    'carries the attributes of an event, its bytes and its trace',
    async () => {
      const bench = await open();
      const came: { event: IncomingEvent<Telling>; trace: string | undefined }[] = [];
      bench.join({
        handle: async (tx, events) => {
          came.push(...events.map((event) => ({ event, trace: currentTraceparent() })));
          await note(tx, events, 'member');
        },
      });
      const before = new Date();
      const [told] = bench.events();
      const trace = await withSpan('a request', {}, async () => {
        await bench.tell(told ? [told] : [], { ordered: true });
        return currentTraceparent()?.split('-')[1];
      });
      // Alone in its batch: a batch of several requests has no one trace to go on with.
      await bench.until((noted) => (noted.some(({ id }) => id === told?.id) ? undefined : 'nothing came'));
      const found = came.find(({ event }) => event.data.entryId === told?.id);
      expect(found?.event).toMatchObject({
        type: 'heed.contacts.v1.ConsentChanged',
        source: 'heed/contacts',
        tenantId: bench.tenantId,
        key: told?.key,
        subject: told?.key,
        sequence: 1n,
        replayed: false,
        position: { topic: bench.topic },
      });
      expect(found?.event.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
      expect(found?.event.time.getTime()).toBeGreaterThanOrEqual(before.getTime() - 1);
      expect(found?.trace?.split('-')[1]).toBe(trace);
    },
    PATIENCE_MS,
  );

  it(
    '9.3 numbers ordered events by their subject, in the order of the commits',
    async () => {
      const bench = await open();
      // A batch that is given back comes once more, and is noted once.
      const sequences = new Map<string, bigint>();
      bench.join({
        handle: async (tx, events) => {
          for (const { id, sequence } of events) {
            if (sequence === undefined) continue;
            sequences.delete(id);
            sequences.set(id, sequence);
          }
          await note(tx, events, 'member');
        },
      });
      const events = bench.events({ keys: 1, each: 30 });
      await Promise.all([
        bench.tell(events.slice(0, 10), { ordered: true, atOnce: 1 }),
        bench.tell(events.slice(10, 20), { ordered: true, atOnce: 5 }),
        bench.tell(events.slice(20), { ordered: true }),
      ]);
      await bench.until((noted) => (noted.length === 30 ? undefined : `${noted.length} of 30`));
      expect([...sequences.values()]).toEqual(Array.from({ length: 30 }, (_, i) => BigInt(i + 1)));
    },
    PATIENCE_MS,
  );

  it(
    'hands over batches, one call for each tenant, and nobody sees another tenant',
    async () => {
      const bench = await open();
      const others = [bench.tenantId, newId(), newId()];
      const door = gate();
      const calls: { tenants: Set<string>; count: number }[] = [];
      bench.join({
        handle: async (tx, events) => {
          await door();
          calls.push({ tenants: new Set(events.map(({ tenantId }) => tenantId)), count: events.length });
          await note(tx, events, 'member');
          const [seen] = await tx.query<{ tenants: number }>(
            `select count(distinct tenant_id)::int as tenants from noted`,
          );
          expect(seen?.tenants).toBe(1);
        },
      });
      try {
        const [first, ...events] = others.flatMap((tenantId) => bench.events({ keys: 400, tenantId }));
        await bench.tell(first ? [first] : []);
        await door.reached;
        // The rest comes while the first is held, and so in few batches.
        await bench.tell(events, { atOnce: 1_500 });
        await bench.drained();
        door.open();
        await bench.expectExactly(first ? [first, ...events] : []);
        expect(calls.every(({ tenants }) => tenants.size === 1)).toBe(true);
        expect(Math.max(...calls.map(({ count }) => count))).toBeGreaterThan(50);
        expect(calls.length).toBeLessThan(100);
      } finally {
        door.open();
      }
    },
    PATIENCE_MS,
  );

  it(
    'lets a second member join and leave while events flow: nothing lost, nothing twice, order kept',
    async () => {
      const bench = await open();
      const events = bench.events({ keys: 40, each: 30 }).sort((a, b) => a.n - b.n);
      bench.join({ name: 'first' });
      await bench.tell(events.slice(0, 400), { atOnce: 10 });
      const second = bench.join({ name: 'second' });
      await bench.tell(events.slice(400, 800), { atOnce: 10 });
      // Until the second has its share: how long joining takes is the driver's affair.
      for (let shared = !features.sharesPartitions; !shared;) {
        const probe = await bench.tell(bench.events({ keys: 20 }));
        events.push(...probe);
        const noted = await bench.until((rows) => {
          const ids = new Set(rows.map(({ id }) => id));
          return probe.every(({ id }) => ids.has(id)) ? undefined : 'a probe is missing';
        });
        shared = noted.some(({ by }) => by === 'second');
      }
      await second.stop();
      await bench.tell(events.slice(800, 1_200), { atOnce: 10 });
      expect(await bench.expectExactly(events)).toHaveLength(events.length);
    },
    PATIENCE_MS,
  );

  it(
    'gives each group every event, and a group that comes late those of before',
    async () => {
      const bench = await open();
      const events = await bench.tell(bench.events({ keys: 10, each: 3 }));
      const seen = { early: new Set<string>(), late: new Set<string>() };
      bench.join();
      bench.join({
        group: 'campaigns.early',
        handle: async (_tx, told) => told.forEach(({ data }) => seen.early.add(data.entryId)),
      });
      await bench.expectExactly(events);
      const all = gate();
      bench.join({
        group: 'campaigns.late',
        handle: async (_tx, told) => {
          told.forEach(({ data }) => seen.late.add(data.entryId));
          if (events.every(({ id }) => seen.late.has(id))) await all();
        },
      });
      all.open();
      await all.reached;
      expect(events.filter(({ id }) => !seen.early.has(id))).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    'hands over nothing more while a handler is busy, and everything once it is not',
    async () => {
      const bench = await open();
      const door = gate();
      let given = 0;
      bench.join({
        handle: async (tx, events) => {
          given += events.length;
          await door();
          await note(tx, events, 'member');
        },
      });
      try {
        const first = await bench.tell(bench.events());
        await door.reached;
        const rest = await bench.tell(bench.events({ keys: 50, each: 60 }), { atOnce: 1_000 });
        await bench.drained();
        expect({ given, calls: door.arrivals }).toEqual({ given: 1, calls: 1 });
        door.open();
        expect(await bench.expectExactly([...first, ...rest])).toHaveLength(3_001);
      } finally {
        door.open();
      }
    },
    PATIENCE_MS,
  );
}
