import { randomBytes } from 'node:crypto';
import { canonicalJson, leafHash, sha256, SigningKey, systemClock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { logger } from '@heed/telemetry';
import { createTestDatabase, type TestDatabase } from '@heed/testing';
import pg from 'pg';
import { LogKey } from '../services/privacy/src/log/checkpoint.js';
import { LogKeyRing } from '../services/privacy/src/log/log-signers.js';
import { ProveLeaves } from '../services/privacy/src/log/prove-leaves.js';
import { TransparencyLog } from '../services/privacy/src/log/transparency-log.js';
import { percentiles } from '../tools/story/src/measure/percentiles.js';
import { type Bench } from './bench.js';

const BATCH = 500;
const PROOFS = 500;
/** Connections, plans, compiled code. */
const WARM_UP = 50;
const own = { name: 'privacy', directory: new URL('../services/privacy/migrations/', import.meta.url) };
const key = new LogKey('heed.bench/log', SigningKey.generate());
const quiet = logger({ service: 'privacy' }, { write: () => undefined });

/** The transparency log by itself: how fast it takes leaves in, and what a proof and a whole reading cost once it is long. */
export const growLog: Bench = {
  name: 'log',
  run: async (place) => {
    await place.parts();
    const test = await createTestDatabase('privacy', [own]);
    const database = test.open();
    try {
      const uow = new UnitOfWork(database);
      const open = async (): Promise<TransparencyLog> => {
        const log = new TransparencyLog(uow, new LogKeyRing(key), systemClock, quiet);
        await log.onModuleInit();
        return log;
      };
      const appended = place.scaled(100_000, 5_000);
      const log = await open();
      const seconds = await timed(async () => {
        for (let n = 0; n < appended; n += BATCH) await log.append(leaves(BATCH));
      });
      const bare = await bareInserts(test, appended);

      const size = place.scaled(1_000_000, 20_000);
      await fill(test, size);
      place.say(`${size} leaves`);
      // A process that starts reads all of them, rebuilds the tree, compares it with what was signed, and signs.
      let long = log;
      const read = await timed(async () => {
        long = await open();
      });
      const prove = new ProveLeaves(long);
      const taken: number[] = [];
      for (let n = -WARM_UP; n < PROOFS; n += 1) {
        const begun = performance.now();
        await prove.prove([Math.floor((size * Math.abs(n)) / PROOFS)]);
        if (n >= 0) taken.push(performance.now() - begun);
      }
      const at = `at ${size.toLocaleString('en-US')} leaves`;
      return [
        {
          ...{
            name: `log: leaves appended, ${BATCH} at a time`,
            value: appended / seconds,
            unit: 'leaves/s',
          },
          ...{ floor: appended / bare, aim: { atLeast: 2_000 } },
        },
        {
          ...{ name: `log: proof ${at}, p99`, value: percentiles(taken).p99, unit: 'ms' },
          ...{ floor: await bareRead(test), aim: { atMost: 5 } },
          notes: { ...percentiles(taken) },
        },
        {
          ...{ name: `log: read and verified whole ${at}`, value: read, unit: 's' },
          ...{ floor: bareHashes(2 * size), aim: { atMost: 60 } },
        },
      ];
    } finally {
      await database.close();
      await test.drop();
    }
  },
};

function leaves(count: number): Buffer[] {
  return Array.from({ length: count }, () =>
    Buffer.from(canonicalJson({ commitment: randomBytes(32).toString('base64'), type: 'request_closed' })),
  );
}

async function timed(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1_000;
}

/** As many rows of the same size into a table of the same form, a transaction for each batch. */
async function bareInserts(test: TestDatabase, count: number): Promise<number> {
  const client = await superuserOf(test);
  try {
    await client.query(
      'create table bare (index bigserial primary key, data bytea, leaf_hash bytea, at timestamptz)',
    );
    return await timed(async () => {
      for (let n = 0; n < count; n += BATCH) {
        const data = leaves(BATCH);
        await client.query(
          'insert into bare (data, leaf_hash, at) select d, h, now() from unnest($1::bytea[], $2::bytea[]) x (d, h)',
          [data, data.map((leaf) => leafHash(leaf))],
        );
      }
    });
  } finally {
    await client.end();
  }
}

/** Leaves by the database itself, as the log would have written them, up to this many. */
async function fill(test: TestDatabase, size: number): Promise<void> {
  const client = await superuserOf(test);
  try {
    await client.query(
      `insert into log_leaf (index, data, leaf_hash, at)
       select n, d, sha256('\\x00'::bytea || d), now()
       from generate_series((select max(index) + 1 from log_leaf), $1::bigint - 1) n,
         lateral (select convert_to('{"commitment":"' || encode(sha256(n::text::bytea), 'base64') ||
           '","type":"request_closed"}', 'UTF8') as d) leaf`,
      [size],
    );
    await client.query('analyze log_leaf');
  } finally {
    await client.end();
  }
}

/** One row by its key. */
async function bareRead(test: TestDatabase): Promise<number> {
  const client = await superuserOf(test);
  try {
    const taken: number[] = [];
    for (let n = 0; n < PROOFS; n += 1) {
      const begun = performance.now();
      await client.query('select data from log_leaf where index = $1', [n]);
      taken.push(performance.now() - begun);
    }
    return percentiles(taken).p99;
  } finally {
    await client.end();
  }
}

async function superuserOf(test: TestDatabase): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: test.superuserUrl });
  await client.connect();
  return client;
}

/** As many hashes as a tree has nodes. */
function bareHashes(count: number): number {
  const node = randomBytes(65);
  const begun = performance.now();
  for (let n = 0; n < count; n += 1) sha256(node);
  return (performance.now() - begun) / 1_000;
}
