import { newId } from '@heed/kernel';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import pg from 'pg';
import { mendRequestQueueTimer } from '../libs/events/src/kafka/request-queue-timer.js';
import { kilobyteBytes } from './kilobyte-event.js';
import { type Road, type RoadWorks } from './road.js';

const PARTITIONS = 4;
const CHUNK = 1_000;

interface Waiting {
  id: string;
  payload: Buffer;
  next: string;
}

/**
 * The bare prototype: rows of a table, read by the ids of transactions that have ended, produced by kafkajs with acks
 * of all, consumed by another process that keeps the ids with one INSERT a batch. No envelope, lease, rules or wall, no
 * cursor on the far side, nothing for poison.
 */
export async function bareRoad(works: RoadWorks): Promise<Road> {
  mendRequestQueueTimer();
  await works.sql(
    'telling',
    `create schema bench;
     create table bench.outbox (seq bigint generated always as identity, xid xid8 not null default pg_current_xact_id(),
       id uuid not null, payload bytea not null);
     create index on bench.outbox (xid);
     create table bench.cursor (next xid8 not null);
     insert into bench.cursor select pg_current_xact_id()`,
  );
  await works.sql('told', 'create schema bench; create table bench.inbox (id uuid primary key)');
  const topic = `bare.${works.name}`;
  const kafka = new Kafka({ brokers: works.brokers, logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    topics: [{ topic, numPartitions: PARTITIONS, replicationFactor: 1 }],
    waitForLeaders: true,
  });
  await admin.disconnect();
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  works.later(() => producer.disconnect());
  const pool = new pg.Pool({ connectionString: works.telling.superuserUrl, max: 16 });
  const reading = new pg.Pool({ connectionString: works.telling.superuserUrl, max: 1 });
  works.later(() => Promise.all([pool.end(), reading.end()]));

  const carry = async (): Promise<number> => {
    const { rows } = await reading.query<Waiting>({
      name: 'read',
      text: `select id, payload, pg_snapshot_xmin(pg_current_snapshot())::text as next from bench.outbox
             where xid >= (select next from bench.cursor) and xid < pg_snapshot_xmin(pg_current_snapshot()) order by seq`,
    });
    for (let at = 0; at < rows.length; at += CHUNK) {
      const messages = rows
        .slice(at, at + CHUNK)
        .map(({ id, payload }) => ({ key: id, value: payload, headers: { id } }));
      await producer.send({ topic, acks: -1, messages });
    }
    const [first] = rows;
    if (first) await reading.query('update bench.cursor set next = $1', [first.next]);
    return rows.length;
  };
  const relay = new Relay(carry);
  works.later(() => relay.stop());
  return {
    tell: async (events) => {
      await pool.query({
        name: 'tell',
        text: 'insert into bench.outbox (id, payload) select * from unnest($1::uuid[], $2::bytea[])',
        values: [
          Array.from({ length: events }, () => newId()),
          Array.from({ length: events }, kilobyteBytes),
        ],
      });
      relay.wake();
    },
    handled: await works.listener({
      kind: 'bare',
      brokers: works.brokers,
      topic,
      url: works.told.superuserUrl,
    }),
    latencies: () => works.latencies('bench.outbox', 'id', 'bench.inbox', 'id'),
  };
}

/** Carries whenever something was committed; looks again soon after, for what was committed a moment too late. */
class Relay {
  private running: Promise<void> | undefined;
  private woken = false;
  private stopped = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly carry: () => Promise<number>) {}

  wake(): void {
    this.woken = true;
    if (!this.running && !this.stopped) this.running = this.run().finally(() => (this.running = undefined));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private async run(): Promise<void> {
    while (this.woken && !this.stopped) {
      this.woken = false;
      const carried = await this.carry();
      if (carried > 0) this.woken = true;
    }
    clearTimeout(this.timer);
    if (!this.stopped) this.timer = setTimeout(() => this.wake(), 20);
  }
}
