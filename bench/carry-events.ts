import { setTimeout as pause } from 'node:timers/promises';
import { percentiles, type Percentiles } from '../tools/story/src/measure/percentiles.js';
import { bareRoad } from './bare-road.js';
import { type Bench } from './bench.js';
import { type Place } from './place.js';
import { type Road, RoadWorks } from './road.js';

const WRITERS = 16;
/** The first join of a group, connections, plans, compiled code. */
const WARM_UP = 2_000;
const PAUSE_MS = 20;

/** From the commit in one service to the handler's commit in another, one event at a time. */
export const eventLatency: Bench = {
  name: 'event-latency',
  run: async (place) => {
    const events = place.scaled(500, 50);
    const [own, bare] = await onBoth(place, async (road) => {
      for (let n = 1; n <= events; n += 1) {
        await road.tell(1);
        await road.handled(WARM_UP + n);
        await pause(PAUSE_MS);
      }
      return percentiles((await road.latencies()).slice(-events));
    });
    const row = (name: 'p50' | 'p99', atMost: number) => ({
      name: `commit to handler's commit, Kafka, ${name}`,
      ...{ value: own[name], unit: 'ms', floor: bare[name], aim: { atMost } },
      notes: { events, own: rounded(own), bare: rounded(bare) },
    });
    return [row('p50', 10), row('p99', 50)];
  },
};

/** Events a second from the first transaction that tells to the last that was told, both processes at work. */
export const eventThroughput: Bench = {
  name: 'events',
  run: async (place) => [
    await throughput(place, { events: place.scaled(200_000, 5_000), each: 50, atLeast: 5_000 }),
    await throughput(place, { events: place.scaled(50_000, 2_000), each: 1, atLeast: 2_500 }),
  ],
};

async function throughput(place: Place, plan: { events: number; each: number; atLeast: number }) {
  const { events, each, atLeast } = plan;
  const [own, bare] = await onBoth(place, async (road) => {
    const begun = performance.now();
    await told(road, events, each);
    const toldInMs = performance.now() - begun;
    await road.handled(WARM_UP + events);
    const seconds = (performance.now() - begun) / 1_000;
    return { perSecond: events / seconds, toldPerSecond: (events * 1_000) / toldInMs };
  });
  return {
    name: `events of 1 KB, outbox to inbox, ${each} a transaction`,
    ...{ value: own.perSecond, unit: 'events/s', floor: bare.perSecond, aim: { atLeast } },
    notes: { events, told: own.toldPerSecond, bareTold: bare.toldPerSecond },
  };
}

/** Ours first, then the bare way, on databases and a topic made for it. */
async function onBoth<T>(place: Place, measure: (road: Road) => Promise<T>): Promise<[T, T]> {
  const works = await RoadWorks.open(place);
  try {
    const on = async (road: Road): Promise<T> => {
      await told(road, WARM_UP, 50);
      await road.handled(WARM_UP);
      return measure(road);
    };
    const own = await on(await works.heed());
    place.say('measured; now the bare way');
    return [own, await on(await bareRoad(works))];
  } finally {
    await works.close();
  }
}

async function told(road: Road, events: number, each: number): Promise<void> {
  let left = events;
  const writer = async (): Promise<void> => {
    while (left > 0) {
      const some = Math.min(each, left);
      left -= some;
      await road.tell(some);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
}

function rounded(all: Percentiles): Record<string, number> {
  return Object.fromEntries(Object.entries(all).map(([name, ms]) => [name, Math.round(ms * 10) / 10]));
}
