import { expect, it } from '@jest/globals';
import { type BusBench } from './bus-bench.js';
import { type BusUnderTest, type OpenBench } from './bus-conformance.js';

const PATIENCE_MS = 120_000;

/** What is read on from, and when it is not. */
export function cursorBehaviours(open: OpenBench, bus: BusUnderTest): void {
  it(
    'reads on from its own cursor after a restart, and handles nothing twice',
    async () => {
      const bench = await open();
      const first = bench.join();
      const before = await bench.tell(bench.events({ keys: 10, each: 5 }));
      await bench.expectExactly(before);
      await first.stop();
      const between = await bench.tell(bench.events({ keys: 10, each: 5 }));
      bench.join({ name: 'second' });
      await bench.expectExactly([...before, ...between]);
    },
    PATIENCE_MS,
  );

  it(
    'goes back with its database: the cursor moved back, the inbox knows what was handled',
    async () => {
      const bench = await open();
      const events = await readOnce(bench);
      await backToTheBeginning(bench, 'cursor');
      bench.join({ name: 'again' });
      await bench.expectExactly(events);
    },
    PATIENCE_MS,
  );

  it(
    'replays everything after a restore, cursor and inbox gone back together',
    async () => {
      const bench = await open();
      const events = await readOnce(bench);
      await backToTheBeginning(bench, 'everything');
      bench.join({ name: 'restored' });
      const noted = await bench.expectExactly(events);
      const own = noted.filter(({ id }) => events.some((event) => event.id === id));
      expect(own.every(({ by }) => by === 'restored')).toBe(true);
      // Where the driver knows, an acting consumer can tell a replay from news.
      expect(own.every(({ replayed }) => replayed === bus.features.marksReplays)).toBe(true);
    },
    PATIENCE_MS,
  );

  it(
    'notices a cursor that moves back under a running member',
    async () => {
      const bench = await open();
      bench.join();
      const events = await bench.tell(bench.events({ keys: 10, each: 3 }));
      await bench.expectExactly(events);
      await backToTheBeginning(bench, 'everything');
      const more = await bench.tell(bench.events({ keys: 10, each: 3 }));
      await bench.expectExactly([...events, ...more]);
    },
    PATIENCE_MS,
  );

  it(
    '7.1 stops an acting consumer whose database went back',
    async () => {
      if (!bus.features.marksReplays) return;
      const bench = await open();
      await readOnce(bench, { acting: true });
      await backToTheBeginning(bench, 'everything');
      const { reason } = await bench.join({ acting: true, name: 'restored' }).quarantined;
      expect(reason).toBe('CURSOR_RESTORED');
      expect(await bench.noted()).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    '9.1 goes to quarantine when the topic was made anew, however long it is by now',
    async () => {
      const bench = await open();
      await readOnce(bench);
      await bus.recreate(bench);
      const before = (await bench.noted()).length;
      const { reason } = await bench.join({ name: 'later' }).quarantined;
      expect(['TOPIC_IS_ANOTHER', 'TOPIC_ENDS_BEFORE_CURSOR']).toContain(reason);
      expect(await bench.noted()).toHaveLength(before);
    },
    PATIENCE_MS,
  );

  it(
    '9.1 goes to quarantine when the topic ends before the cursor, and is not reset in silence',
    async () => {
      const bench = await open();
      await readOnce(bench);
      await bus.loseTail(bench);
      const { reason } = await bench.join({ name: 'later' }).quarantined;
      expect(reason).toBe('TOPIC_ENDS_BEFORE_CURSOR');
    },
    PATIENCE_MS,
  );

  it(
    '9.1 goes to quarantine when the topic begins after the cursor: something was never read',
    async () => {
      const bench = await open();
      await readOnce(bench);
      await bench.tell(bench.events({ keys: 40, each: 2 }));
      await bus.loseHead(bench);
      const { reason } = await bench.join({ name: 'later' }).quarantined;
      expect(reason).toBe('TOPIC_BEGINS_AFTER_CURSOR');
    },
    PATIENCE_MS,
  );
}

/** A member that has read something in every partition, and has left. */
async function readOnce(bench: BusBench, joining: { acting?: boolean } = {}) {
  const member = bench.join(joining);
  const events = await bench.tell(bench.events({ keys: 10, each: 5 }));
  await bench.expectExactly(events);
  await member.stop();
  return events;
}

async function backToTheBeginning(bench: BusBench, what: 'cursor' | 'everything'): Promise<void> {
  const beginning = bench.place.kind === 'kafka' ? '0' : '1:1:';
  await bench.sql(
    'told',
    `
    begin;
    update heed.inbox_cursor set position = '${beginning}', witness = null, witness_offset = null;
    ${what === 'everything' ? 'delete from heed.inbox; delete from noted;' : ''}
    commit`,
  );
}
