import { createServer, Agent, request } from 'node:http';
import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { newId } from '@heed/kernel';
import pg from 'pg';
import { type Bench } from './bench.js';
import { PermitAsker } from './permit-asker.js';
import { cpuOf } from './process-cpu.js';
import { settle } from './settled-people.js';

/** Mail programs that unsubscribe their people at the same time. */
const AT_ONCE = 32;
const BATCH = 500;
const BODY = 'List-Unsubscribe=One-Click';

/** One-click opt-outs a second over HTTP: each committed, told to others in the same commit, and revoked by signal. */
export const clickOptOuts: Bench = {
  name: 'opt-outs',
  run: async (place) => {
    const people = place.scaled(20_000, 500);
    const { cast, stage } = await place.town('bench-opt-outs');
    const { tenantId } = cast;
    const database = await place.postgres('heed_contacts');
    const ids = await settle(database, tenantId, people);
    const asker = new PermitAsker(stage.cluster, tenantId);
    const paths: string[] = [];
    try {
      for (let at = 0; at < people; at += BATCH) {
        const permits = await asker.ask(ids.slice(at, at + BATCH));
        paths.push(...permits.map(({ optOutUrl }) => new URL(optOutUrl).pathname));
      }
    } finally {
      asker.close();
    }
    place.say(`${people} people who say no`);
    const cpu = await cpuOf(place);
    const begun = performance.now();
    await clickAll(new URL(stage.cluster.run.services.contacts.http!), paths);
    const seconds = (performance.now() - begun) / 1_000;
    const cpuMsAnOptOut = cpu.per(people);
    const told = await untilTold(database, tenantId, people);
    const toldAfterMs = Math.round(performance.now() - begun - seconds * 1_000);
    return [
      {
        name: 'opt-outs by one click, over HTTP',
        value: people / seconds,
        unit: 'opt-outs/s',
        floor: await bareClicks(database, people),
        aim: { atLeast: 1_000 },
        notes: { people, told, toldAfterMs, cpuMsAnOptOut },
      },
    ];
  },
};

/** Over as many connections that are kept. Any other answer than 200 fails the bench. */
async function clickAll(origin: URL, paths: readonly string[]): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  let next = 0;
  const program = async (): Promise<void> => {
    for (let n = next++; n < paths.length; n = next++) await click(origin, paths[n]!, agent);
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, program));
  } finally {
    agent.destroy();
  }
}

function click(origin: URL, path: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': BODY.length };
    const { hostname, port } = origin;
    const asking = request({ ...{ hostname, port, path, method: 'POST', headers, agent } }, (answer) => {
      answer.resume();
      answer.once('end', () =>
        answer.statusCode === 200 ? resolve() : reject(new Error(`answered ${answer.statusCode}`)),
      );
    });
    asking.once('error', reject);
    asking.end(BODY);
  });
}

/** How many opt-outs are in the ledger with an event that left for Kafka; waits until all are. */
async function untilTold(url: string, tenantId: string, people: number): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (;;) {
      const { rows } = await client.query<{ told: number }>(
        `select count(*)::int as told from heed.outbox o, heed.relay_cursor c
         where o.tenant_id = $1 and o.type like '%ConsentChanged'
           and pg_visible_in_snapshot(o.xid, split_part(c.position, '/', 1)::pg_snapshot)`,
        [tenantId],
      );
      if (rows[0]!.told >= people) return rows[0]!.told;
      await pause(20);
    }
  } finally {
    await client.end();
  }
}

/** The bare thing: an HTTP server of Node's that commits a row of the ledger and one of an outbox before it answers. */
async function bareClicks(url: string, count: number): Promise<number> {
  const pool = new pg.Pool({ connectionString: url, max: AT_ONCE });
  await pool.query(`
    create schema bench;
    create table bench.opt_out (contact_id uuid primary key, at timestamptz not null);
    create table bench.outbox (seq bigint generated always as identity primary key, payload bytea not null)`);
  const server = createServer((asked, answer) => {
    asked.resume();
    asked.once('end', () => {
      pool
        .query({
          name: 'opt-out',
          text: `with said as (insert into bench.opt_out values ($1, clock_timestamp()))
                 insert into bench.outbox (payload) values ($2)`,
          values: [newId(), Buffer.alloc(200)],
        })
        .then(
          () => answer.end('unsubscribed'),
          () => answer.writeHead(500).end(),
        );
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const begun = performance.now();
    const { port } = server.address() as AddressInfo;
    await clickAll(new URL(`http://127.0.0.1:${port}`), Array<string>(count).fill('/'));
    return (count * 1_000) / (performance.now() - begun);
  } finally {
    server.close();
    await pool.query('drop schema bench cascade');
    await pool.end();
  }
}
