import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ConsentChanged, contactsV1, topics, typesV1 } from '@heed/contracts';
import { Outbox, topicRanges } from '@heed/events';
import { newId, systemClock } from '@heed/kernel';
import { Database, UnitOfWork } from '@heed/postgres';
import { checkHealth } from '@heed/rpc';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { NORMALISERS } from '../services/contacts/src/contacts/address-forms.js';
import { mendRequestQueueTimer } from '../libs/events/src/kafka/request-queue-timer.js';
import { type BackupRecord } from '../tools/launcher/src/backup/backup-record.js';
import { dumpDatabase } from '../tools/launcher/src/backup/dump-database.js';
import { loadDatabase } from '../tools/launcher/src/backup/load-database.js';
import { markRestored } from '../tools/launcher/src/backup/mark-restored.js';
import { type Bench } from './bench.js';
import { PURPOSE } from './people.js';
import { type Place, type Town } from './place.js';
import { settle } from './settled-people.js';

const A_TRANSACTION = 500;
const LOOK_MS = 100;
const TOPIC = ConsentChanged.topic;
/** By the newest rules, under the first key. */
const FORMED = NORMALISERS.at(-1)!.version * 1_000 + 1;

/**
 * contacts is put back to a backup after which everybody has said no: from the start of its process until it serves, with
 * every opt-out read again from Kafka.
 */
export const restoreContacts: Bench = {
  name: 'restore',
  run: async (place) => {
    const people = place.scaled(100_000, 1_000);
    const town = await place.town('bench-restore');
    const { tenantId } = town.cast;
    const url = await place.postgres('heed_contacts');
    const ids = await settle(url, tenantId, people);
    // As contacts writes them: a restore makes only those that are missing (README).
    await onServer(url, async (client) => {
      await client.query('update endpoint set forms = array[endpoint_hash], formed = $1', [FORMED]);
    });
    const folder = join(place.files, 'restore');
    const takenAt = systemClock.now().toISOString();
    const copy = await dumpDatabase(town.stage.cluster.databaseUrl('contacts', 'backup'), folder);
    place.say(`${people} people written and backed up`);
    const before = await onTopic(place);
    await tell(town, ids);
    while ((await onTopic(place)) - before < people) await pause(LOOK_MS);
    place.say(`${people} opt-outs told`);

    const { cluster } = town.stage;
    await cluster.kill('contacts');
    await loadDatabase(url, folder, copy);
    await onServer(url, async (client) => {
      await markRestored(client, { takenAt } as BackupRecord);
      await client.query('update heed.quarantine set resync_asked_at = clock_timestamp()');
    });
    const begun = performance.now();
    await cluster.revive('contacts');
    const target = `dns:///${cluster.run.services.contacts.grpc}`;
    while ((await checkHealth(target)) !== 'SERVING') await pause(LOOK_MS);
    const seconds = (performance.now() - begun) / 1_000;
    const refused = await town.stage.databases.count(
      'contacts',
      `select count(*) from consent_state where tenant_id = $1 and state = 'opted_out'`,
      [tenantId],
    );
    if (refused !== people) throw new Error(`${refused} of ${people} have said no after the restore`);
    return [
      {
        name: `restore of contacts, ${people.toLocaleString('en-US')} events to replay, start to open`,
        value: seconds,
        unit: 's',
        floor: await bareSeconds(place, before + people),
        aim: { atMost: 60 },
      },
    ];
  },
};

/** As contacts itself tells of opt-outs, without the wait for each of them to be recorded. */
async function tell({ stage: { cluster }, cast: { tenantId } }: Town, ids: readonly string[]): Promise<void> {
  const url = new URL(cluster.databaseUrl('contacts', 'service'));
  const database = new Database({
    ...{ service: 'contacts', passwords: decodeURIComponent(url.password) },
    url: `${url.protocol}//${url.host}${url.pathname}`,
  });
  const outbox = new Outbox({ service: 'contacts', topics, clock: systemClock, committed: () => undefined });
  const uow = new UnitOfWork(database);
  try {
    for (let at = 0; at < ids.length; at += A_TRANSACTION) {
      const data = ids.slice(at, at + A_TRANSACTION).map((contactId) => ({
        data: contactsV1.ConsentChanged.fromPartial({
          ...{ contactId, entryId: newId(), epoch: 2n, purpose: PURPOSE },
          channel: typesV1.Channel.CHANNEL_EMAIL,
          state: contactsV1.ConsentState.CONSENT_STATE_OPTED_OUT,
          recordedAt: systemClock.now().toISOString(),
        }),
      }));
      await uow.run(tenantId, (tx) => outbox.addAll(tx, ConsentChanged, data));
    }
  } finally {
    await database.close();
  }
}

/** How many records its topic holds. */
async function onTopic(place: Place): Promise<number> {
  const ranges = await topicRanges({ brokers: await brokersOf(place) }, [TOPIC]);
  return [...(ranges.get(TOPIC)?.values() ?? [])].reduce((sum, { low, high }) => sum + Number(high - low), 0);
}

async function brokersOf(place: Place): Promise<string[]> {
  const { kafka } = (await place.parts()).parts;
  if (!kafka) throw new Error('there is no Kafka on this machine');
  return kafka.brokers;
}

/** The bare thing: the same records by a plain client, each batch in one statement into a table of ids and bytes. */
async function bareSeconds(place: Place, records: number): Promise<number> {
  mendRequestQueueTimer();
  const pool = new pg.Pool({ connectionString: await place.postgres(), max: 1 });
  await pool.query('create table bare_replay (id uuid primary key, key text, payload bytea)');
  const consumer = new Kafka({ brokers: await brokersOf(place), logLevel: logLevel.NOTHING }).consumer({
    groupId: 'bare-replay',
  });
  const begun = performance.now();
  try {
    await consumer.connect();
    await consumer.subscribe({ topic: TOPIC, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      let left = records;
      void consumer
        .run({
          eachBatch: async ({ batch: { messages } }) => {
            await pool.query(
              'insert into bare_replay select * from unnest($1::uuid[], $2::text[], $3::bytea[]) on conflict do nothing',
              [
                messages.map(({ headers }) => String(headers?.['ce_id'])),
                messages.map(({ key }) => key?.toString() ?? ''),
                messages.map(({ value }) => value),
              ],
            );
            left -= messages.length;
            if (left <= 0) resolve();
          },
        })
        .catch(reject);
    });
    return (performance.now() - begun) / 1_000;
  } finally {
    await consumer.disconnect();
    await pool.end();
  }
}

async function onServer(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
