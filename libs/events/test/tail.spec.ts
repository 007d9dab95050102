import { afterEach, describe, expect, it } from '@jest/globals';
import { tailKafka, tailOutboxes, type TailedEvent, type TailOptions } from '@heed/events';
import { systemClock } from '@heed/kernel';
import { testParts } from '@heed/testing';
import { BusBench } from '@heed/testing/bus-conformance';
import { asAdmin } from './broker.js';

const PATIENCE_MS = 120_000;
const { kafka } = await testParts('kafka');
const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const kinds = kafka === undefined ? (['embedded'] as const) : (['kafka', 'embedded'] as const);

describe.each(kinds)('whoever looks on at the %s bus', (kind) => {
  async function open(): Promise<BusBench> {
    const bench = await BusBench.open(kind);
    closing.push(() => bench.close());
    return bench;
  }

  async function tail(bench: BusBench, options: Partial<TailOptions> = {}): Promise<TailedEvent[]> {
    const { brokers, prefix } = bench.place;
    const seen: TailedEvent[] = [];
    const all: TailOptions = {
      ...{ topics: [bench.topic], from: 'beginning', signal: AbortSignal.timeout(PATIENCE_MS) },
      ...options,
      onEvent: (event) => {
        seen.push(event);
        return options.onEvent?.(event) ?? true;
      },
    };
    if (kind === 'kafka') await tailKafka({ brokers, prefix }, all);
    else await tailOutboxes({ contacts: bench.tellingDb.urlOf('probe') }, { ...all, clock: systemClock });
    return seen;
  }

  /** Tells events and returns when they lie on the bus: what comes is looked at until all are there. */
  async function tell(bench: BusBench, size: { keys: number; each?: number }): Promise<string[]> {
    const told = await bench.tell(bench.events(size), { ordered: true });
    let came = 0;
    await tail(bench, { follow: true, onEvent: () => ++came < told.length });
    return told.map(({ key }) => key);
  }

  it(
    'sees what is there, decoded, and comes to an end',
    async () => {
      const bench = await open();
      const keys = await tell(bench, { keys: 3, each: 2 });
      const seen = await tail(bench);
      expect(seen.map(({ key }) => key).sort()).toEqual(keys.sort());
      for (const { data, subject, key, defect, type } of seen) {
        expect({ defect, type }).toEqual({ defect: undefined, type: 'heed.contacts.v1.ConsentChanged' });
        expect(subject).toBe(key);
        expect(data).toBeInstanceOf(Object);
      }
    },
    PATIENCE_MS,
  );

  it(
    'sees all that is told once it has begun, and nothing from before',
    async () => {
      const bench = await open();
      await tell(bench, { keys: 3 });
      let told: string[] = [];
      let telling: Promise<void> | undefined;
      let come = 0;
      const seen = await tail(bench, {
        from: 'now',
        onBegun: () => {
          telling = bench.tell(bench.events({ keys: 3 }), { ordered: true }).then((events) => {
            told = events.map(({ key }) => key);
          });
        },
        onEvent: () => ++come < 3,
      });
      await telling;
      expect(seen.map(({ key }) => key).sort()).toEqual(told.sort());
    },
    PATIENCE_MS,
  );

  it(
    'stops when it has seen enough',
    async () => {
      const bench = await open();
      await tell(bench, { keys: 5 });
      expect(await tail(bench, { onEvent: () => false })).toHaveLength(1);
    },
    PATIENCE_MS,
  );

  it(
    'leaves nothing behind: no group, no cursor',
    async () => {
      const bench = await open();
      await tell(bench, { keys: 1 });
      await tail(bench);
      if (kind === 'embedded') return;
      const { groups } = await asAdmin(bench.place.brokers, (admin) => admin.listGroups());
      expect(groups.filter(({ groupId }) => groupId.startsWith('heed-tail.'))).toEqual([]);
    },
    PATIENCE_MS,
  );
});
