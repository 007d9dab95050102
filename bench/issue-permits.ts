import { randomBytes } from 'node:crypto';
import { newId, SigningKey } from '@heed/kernel';
import pg from 'pg';
import { type Bench } from './bench.js';
import { PermitAsker } from './permit-asker.js';
import { PURPOSE } from './people.js';
import { cpuOf } from './process-cpu.js';
import { settle } from './settled-people.js';

const BATCH = 500;
/** Two senders ask at once, as two batches of one sender do. */
const AT_ONCE = 2;

/** Permits a second that contacts issues to messaging over gRPC, in batches of 500, among a million people. */
export const issuePermits: Bench = {
  name: 'permits',
  run: async (place) => {
    const people = place.scaled(1_000_000, 2_000);
    const batches = place.scaled(200, 20);
    const { cast, stage } = await place.town('bench-permits');
    const { tenantId } = cast;
    const contactsDb = await place.postgres('heed_contacts');
    const ids = await settle(contactsDb, tenantId, people);
    place.say(`${people} people written`);

    const asker = new PermitAsker(stage.cluster, tenantId);
    const ask = async () => void (await asker.ask(some(ids, BATCH)));
    try {
      await inTurn(10, ask);
      const cpu = await cpuOf(place);
      const seconds = await inTurn(batches, ask);
      const cpuMsAPermit = cpu.per(batches * BATCH);
      const floor = await barePermits(contactsDb, tenantId, ids, batches);
      return [
        {
          name: `permits, batches of ${BATCH}, ${people.toLocaleString('en-US')} contacts`,
          value: (batches * BATCH) / seconds,
          unit: 'permits/s',
          floor,
          aim: { atLeast: 5_000 },
          notes: { batches, msABatch: (seconds * AT_ONCE * 1_000) / batches, cpuMsAPermit },
        },
        {
          // While one waits for the database another is served: a core of contacts is full at this rate.
          name: 'permits that fill a core of contacts',
          value: 1_000 / (cpuMsAPermit['contacts'] ?? Infinity),
          unit: 'permits/s',
          floor,
          aim: { atLeast: 8_000 },
        },
      ];
    } finally {
      asker.close();
    }
  },
};

/**
 * Permits a second of the bare thing: one statement that looks at the same rows and keeps a row a permit, in a table
 * without fence and wall, and one Ed25519 signature a batch. No gRPC, no proofs, no links.
 */
async function barePermits(
  url: string,
  tenantId: string,
  ids: readonly string[],
  batches: number,
): Promise<number> {
  const key = SigningKey.generate();
  const pool = new pg.Pool({ connectionString: url, max: AT_ONCE });
  await pool.query(`
    create schema bench;
    create table bench.permit (tenant_id uuid not null, permit_id uuid not null, attempt_id uuid not null,
      nonce bytea not null, contact_id uuid not null, endpoint_id uuid not null, at timestamptz not null,
      primary key (tenant_id, permit_id), unique (tenant_id, attempt_id, nonce))`);
  try {
    const ask = async (): Promise<void> => {
      const { rows } = await pool.query<{ address: string }>({
        name: 'issue',
        text: `
          with judged as (
            select a.*, e.endpoint_id, e.address, e.endpoint_hash
            from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::bytea[]) a (permit_id, attempt_id, contact_id, nonce)
            join contact c on c.tenant_id = $1 and c.contact_id = a.contact_id
            join endpoint e on e.tenant_id = $1 and e.contact_id = a.contact_id and e.channel = 'email'
            join consent_state s on s.tenant_id = $1 and s.contact_id = a.contact_id and s.channel = 'email'
              and s.purpose = '${PURPOSE}' and s.state = 'granted'
            where not exists (select 1 from suppression su
              where su.tenant_id = $1 and su.endpoint_hash = e.endpoint_hash and su.reason = 'opt_out')
          ), kept as (
            insert into bench.permit
            select $1, permit_id, attempt_id, nonce, contact_id, endpoint_id, clock_timestamp() from judged)
          select address from judged`,
        values: [
          tenantId,
          Array.from({ length: BATCH }, () => newId()),
          Array.from({ length: BATCH }, () => newId()),
          some(ids, BATCH),
          Array.from({ length: BATCH }, () => randomBytes(16)),
        ],
      });
      if (rows.length !== BATCH) throw new Error(`the bare query gave ${rows.length} of ${BATCH}`);
      key.sign(randomBytes(32));
    };
    await inTurn(10, ask);
    return (batches * BATCH) / (await inTurn(batches, ask));
  } finally {
    await pool.query('drop schema bench cascade');
    await pool.end();
  }
}

/** Different people, anywhere among all. */
function some(ids: readonly string[], count: number): string[] {
  const chosen = new Set<string>();
  while (chosen.size < count) chosen.add(ids[Math.floor(Math.random() * ids.length)]!);
  return [...chosen];
}

/** Seconds that so many take, a few at a time. */
async function inTurn(count: number, work: () => Promise<void>): Promise<number> {
  let left = count;
  const begun = performance.now();
  const worker = async (): Promise<void> => {
    while (left-- > 0) await work();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return (performance.now() - begun) / 1_000;
}
