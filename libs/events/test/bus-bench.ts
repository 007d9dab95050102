// node --conditions=heed-source --import ./libs/testing/typescript-hooks.mjs libs/events/test/bus-bench.ts kafka|embedded
// One process holds both sides: a service that tells and a member that is told, on the parts that `npm run parts` keeps.
import { systemClock } from '@heed/kernel';
import { BusBench, type Told } from '../../testing/src/bus-bench.js';
import { note } from '../../testing/src/bus-place.js';

const EVENTS = 50_000;
const SINGLE = 300;

const kind = process.argv[2] === 'embedded' ? 'embedded' : 'kafka';
const bench = await BusBench.open(kind);
const cameAt = new Map<string, number>();
let count = 0;
let all: (() => void) | undefined;
bench.join({
  handle: async (tx, events) => {
    await note(tx, events, 'bench');
    tx.afterCommit(() => {
      for (const { data } of events) cameAt.set(data.entryId, performance.now());
      count += events.length;
      all?.();
    });
  },
});

async function until(expected: number): Promise<void> {
  while (count < expected) await new Promise<void>((resolve) => (all = resolve));
}

const say = (what: string, value: string): void => void process.stdout.write(`${what.padEnd(44)}${value}\n`);

// The first join of a group, connections, plans.
await bench.tell(bench.events());
await until(1);

const latencies: number[] = [];
for (let i = 0; i < SINGLE; i += 1) {
  const [event] = bench.events() as [Told];
  await bench.tell([event]);
  const committed = performance.now();
  await until(2 + i);
  latencies.push((cameAt.get(event.id) ?? committed) - committed);
  await systemClock.wait(10);
}
latencies.sort((a, b) => a - b);
const at = (p: number): string => `${(latencies[Math.floor(latencies.length * p)] ?? 0).toFixed(1)} ms`;
say('commit to commit, one at a time, p50 / p99', `${at(0.5)} / ${at(0.99)}`);

const cpuBefore = process.cpuUsage();
await systemClock.wait(10_000);
const { user, system } = process.cpuUsage(cpuBefore);
say('idle, both sides', `${((user + system) / 100_000).toFixed(1)}% of a core`);
say('memory', `${Math.round(process.memoryUsage.rss() / 1_048_576)} MB`);

const events = bench.events({ keys: EVENTS / 50, each: 50 });
const started = performance.now();
await bench.tell(events, { atOnce: 1_000 });
const told = performance.now();
await until(1 + SINGLE + EVENTS);
const done = performance.now();
say(`${EVENTS} events told`, `${Math.round((EVENTS / (told - started)) * 1_000)}/s`);
say('told, carried, handled, noted', `${Math.round((EVENTS / (done - started)) * 1_000)}/s`);
await bench.close();
process.exit(0);
