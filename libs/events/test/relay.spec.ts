import { afterEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '@heed/kernel';
import { gate, testParts } from '@heed/testing';
import { BusBench } from '@heed/testing/bus-conformance';
import { asAdmin } from './broker.js';

const PATIENCE_MS = 120_000;
const { kafka } = await testParts('kafka');
const benches: BusBench[] = [];

afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.close();
});

/** The outbox is filled, and nobody carries it yet. */
async function open(): Promise<BusBench> {
  const bench = await BusBench.open('kafka', { relays: false });
  benches.push(bench);
  return bench;
}

async function recordsIn(bench: BusBench): Promise<number> {
  return asAdmin(bench.place.brokers, async (admin) => {
    const ends = await admin.fetchTopicOffsets(bench.place.prefix + bench.topic);
    return ends.reduce((sum, { high }) => sum + Number(high), 0);
  });
}

if (kafka !== undefined) {
  describe('the relay', relayBehaviours);
} else {
  it('is not tried here: the relay needs Kafka', () => {
    console.warn('The relay was not tried. Install Java 17 and Maven, or set KAFKA_BROKERS.');
  });
}

function relayBehaviours(): void {
  // The steps are those that a run shows; after each of them the process is gone.
  it.each([
    ['leading', 0],
    ['read', 0],
    ['sent', 50],
    ['saved', 0],
  ])(
    'loses nothing when it is killed after: %s',
    async (step, sentTwice) => {
      const bench = await open();
      const events = await bench.tell(bench.events({ keys: 10, each: 5 }));
      const child = await bench.spawn({ role: 'relay', holdAt: step });
      child.kill('SIGKILL');
      bench.teller.events.relay?.start();
      bench.join();
      await bench.expectExactly(events);
      // What was acknowledged and not saved is sent again, and only that.
      expect((await recordsIn(bench)) - events.length - 4).toBe(sentTwice);
    },
    PATIENCE_MS,
  );

  it(
    '9.4 that was replaced while it stood still can only duplicate',
    async () => {
      const bench = await open();
      const door = gate();
      const zombie = bench.anotherTeller({ onRelayStep: (step) => (step === 'sent' ? door() : undefined) });
      try {
        const before = await bench.tell(bench.events({ keys: 10, each: 5 }));
        await door.reached;
        const token = async () => {
          const [cursor] = await bench.sql<{ token: string }>(
            'telling',
            'select token from heed.relay_cursor',
          );
          return Number(cursor!.token);
        };
        const replaced = await token();
        // Its connection lives, so the lock is held; only the lease can run out. The successor's clock says it has.
        const later = { ...clockOf(), now: () => new Date(systemClock.now().getTime() + 60_000) };
        const successor = bench.anotherTeller({ clock: later });
        bench.join();
        const after = bench.events({ keys: 10, each: 5 });
        await bench.tell(after, { atOnce: 10 });
        await bench.expectExactly([...before, ...after]);
        expect([zombie.events.relay?.leads, successor.events.relay?.leads]).toEqual([true, true]);
        door.open();
        const more = await bench.tell(bench.events({ keys: 10, each: 5 }), { atOnce: 10 });
        await bench.expectExactly([...before, ...after, ...more]);
        expect(await token()).toBe(replaced + 1);
        // The first run twice, and nothing else.
        expect(await recordsIn(bench)).toBe(before.length * 2 + after.length + more.length + 2 * 4);
      } finally {
        door.open();
      }
    },
    PATIENCE_MS,
  );

  it(
    'is followed at once by another replica when its connection ends',
    async () => {
      const bench = await open();
      const led = gate();
      led.open();
      bench.anotherTeller({ onRelayStep: (step) => (step === 'leading' ? led() : undefined) });
      await led.reached;
      const follows = gate();
      follows.open();
      const second = bench.anotherTeller({
        onRelayStep: (step) => (step === 'leading' ? follows() : undefined),
      });
      const events = await bench.tell(bench.events({ keys: 5, each: 5 }));
      bench.join();
      await bench.expectExactly(events);
      expect(second.events.relay?.leads).toBe(false);
      await bench.sql(
        'telling',
        `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'
           and database = (select oid from pg_database where datname = current_database())`,
      );
      // One of the two takes the lead again, well before a lease of 10 s has run out.
      const more = await bench.tell(bench.events({ keys: 5, each: 5 }));
      await bench.expectExactly([...events, ...more]);
    },
    PATIENCE_MS,
  );
}

function clockOf(): typeof systemClock {
  return {
    now: () => systemClock.now(),
    monotonicMs: () => systemClock.monotonicMs(),
    bootMs: () => systemClock.bootMs(),
    wait: (ms, signal) => systemClock.wait(ms, signal),
  };
}
