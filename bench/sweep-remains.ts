import { setTimeout as pause } from 'node:timers/promises';
import { SERVICES } from '@heed/contracts';
import { newId } from '@heed/kernel';
import pg from 'pg';
import { percentiles } from '../tools/story/src/measure/percentiles.js';
import { signInOperator } from '../tools/story/src/steps/people.js';
import { type Bench } from './bench.js';
import { completed } from './completed.js';
import { PermitAsker } from './permit-asker.js';
import { type Place, type Town } from './place.js';
import { settle } from './settled-people.js';

/** Whom the sweep is for: as many as a call erases. */
const ERASED = 500;
/** What contacts is asked for meanwhile: so many permits, so often. */
const A_BATCH = 50;
const EVERY_MS = 50;
const LOOK_MS = 100;

/**
 * The nightly search of every column of all services for people who were erased, and what whoever asks for permits
 * notices of it.
 */
export const sweepRemains: Bench = {
  name: 'sweep',
  run: async (place) => {
    const people = place.scaled(1_000_000, 4_000);
    const town = await place.town('bench-sweep');
    const { tenantId } = town.cast;
    const ids = await settle(await place.postgres('heed_contacts'), tenantId, people);
    const gone = Math.min(ERASED, people / 4);
    await town.cast.officer.requests.batchCreateErasures({
      ...{ requestId: newId(), contactIds: ids.slice(0, gone) },
      ...{ verification: 'document', objects: true, withoutSuppression: false },
    });
    await completed(town, gone);
    place.say(`${people} people written, ${gone} of them erased`);

    const asker = new PermitAsker(town.stage.cluster, tenantId);
    const living = ids.slice(gone);
    try {
      await latencies(asker, living, pause(2_000));
      const before = percentiles(await latencies(asker, living, pause(place.scaled(20_000, 4_000))));
      const sweeping = sweep(town);
      const during = percentiles(await latencies(asker, living, sweeping));
      const { seconds, found } = await sweeping;
      return [
        {
          name: `sweep for ${gone} among ${people.toLocaleString('en-US')} contacts`,
          value: seconds,
          unit: 's',
          floor: await bareSeconds(place),
          aim: {},
          notes: { found },
        },
        {
          name: `permits, ${A_BATCH} each ${EVERY_MS} ms, p99 during a sweep`,
          value: during.p99,
          unit: 'ms',
          floor: before.p99,
          aim: { of: 'ratio', atMost: 2 },
          notes: { before, during },
        },
      ];
    } finally {
      asker.close();
    }
  },
};

/** From its beginning to the last answer that stands in the log. */
async function sweep({ stage }: Town): Promise<{ seconds: number; found: number }> {
  const operator = await signInOperator(stage);
  try {
    const { sweep: begun } = await operator.sweeps.beginSweep({});
    if (!begun) throw new Error('nobody to search for');
    for (;;) {
      const { sweeps } = await operator.sweeps.listSweeps({ pageSize: 5, pageToken: '' });
      const now = sweeps.find(({ sweepId }) => sweepId === begun.sweepId);
      if (now && now.endedAt !== '') {
        const found = now.parts.reduce((sum, part) => sum + part.found, 0);
        return { seconds: (Date.parse(now.endedAt) - Date.parse(now.beganAt)) / 1_000, found };
      }
      await pause(LOOK_MS);
    }
  } finally {
    operator.close();
  }
}

/** How long each batch took, one after another at a steady pace, until that is over. */
async function latencies(
  asker: PermitAsker,
  ids: readonly string[],
  over: Promise<unknown>,
): Promise<number[]> {
  const state = { isOver: false };
  const ending = over.finally(() => (state.isOver = true));
  const taken: number[] = [];
  for (let n = 0; !state.isOver; n += 1) {
    const from = (n * A_BATCH) % (ids.length - A_BATCH);
    const begun = performance.now();
    await asker.ask(ids.slice(from, from + A_BATCH));
    const ms = performance.now() - begun;
    taken.push(ms);
    await pause(Math.max(0, EVERY_MS - ms));
  }
  await ending;
  return taken;
}

/** The bare thing: all tables of the same databases read as text, once, for one word. */
async function bareSeconds(place: Place): Promise<number> {
  let ms = 0;
  for (const service of SERVICES) {
    const client = new pg.Client({ connectionString: await place.postgres(`heed_${service}`) });
    await client.connect();
    try {
      const { rows } = await client.query<{ name: string }>(
        `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind = 'r' and n.nspname in ('public', 'heed')`,
      );
      const begun = performance.now();
      for (const { name } of rows)
        await client.query(`select count(*) from ${name} t where t::text like '%nobody@nowhere.test%'`);
      ms += performance.now() - begun;
    } finally {
      await client.end();
    }
  }
  return ms / 1_000;
}
