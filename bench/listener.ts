import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { mendRequestQueueTimer } from '../libs/events/src/kafka/request-queue-timer.js';
import { GROUP, LISTENER, replicaOf, type BusPlace } from '../libs/testing/src/bus-place.js';
import { kilobyteEvent } from './kilobyte-event.js';

/** The side that is told, as a process of its own. Says after each commit how many events it has handled, a line each. */
export type ListenerOrder =
  { kind: 'heed'; place: BusPlace } | { kind: 'bare'; brokers: string[]; topic: string; url: string };

const order = JSON.parse(process.argv[2] ?? '') as ListenerOrder;
let handled = 0;
const say = (more: number): void => void process.stdout.write(`${(handled += more)}\n`);

if (order.kind === 'heed') {
  const { events } = replicaOf(order.place, LISTENER);
  events.consumers.add({
    event: kilobyteEvent(order.place),
    group: GROUP,
    handle: async (tx, told) => {
      await tx.execute('insert into noted (tenant_id, event_id) select $1, unnest($2::uuid[])', [
        tx.tenantId,
        told.map(({ id }) => id),
      ]);
      tx.afterCommit(() => say(told.length));
    },
  });
  await events.start();
} else {
  mendRequestQueueTimer();
  const pool = new pg.Pool({ connectionString: order.url, max: 1 });
  const kafka = new Kafka({ brokers: order.brokers, logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `bare-${order.topic}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topic: order.topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch: { messages } }) => {
      await pool.query({
        name: 'take',
        text: 'insert into bench.inbox select unnest($1::uuid[]) on conflict do nothing',
        values: [messages.map(({ headers }) => String(headers?.['id']))],
      });
      say(messages.length);
    },
  });
}
