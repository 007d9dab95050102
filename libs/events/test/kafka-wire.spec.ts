import { afterEach, describe, expect, it } from '@jest/globals';
import { applyTopics, diffTopics, partitionOf, topicRanges } from '@heed/events';
import { DomainError, newId } from '@heed/kernel';
import { deferred, testParts } from '@heed/testing';
import { BusBench, GROUP, PARTITIONS } from '@heed/testing/bus-conformance';
import { logger } from '@heed/telemetry';
import kafkajs, { type KafkaMessage } from 'kafkajs';
import { kafkaClient } from '../src/kafka/kafka-client.js';
import { KafkaPublisher } from '../src/kafka/kafka-publisher.js';
import { type OutboxRow } from '../src/outbox-row.js';
import { deleteTopic } from './broker.js';

const PATIENCE_MS = 120_000;
const { kafka } = await testParts('kafka');
const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

if (kafka === undefined) {
  it('is not tried here: no Kafka', () => {
    console.warn(
      'What goes over the wire was not looked at. Install Java 17 and Maven, or set KAFKA_BROKERS.',
    );
  });
} else {
  const { brokers } = kafka;
  describe('on the wire', () => onTheWire());
  describe('topics', () => topicsOf(brokers));
}

async function open(): Promise<BusBench> {
  const bench = await BusBench.open('kafka');
  closing.push(() => bench.close());
  return bench;
}

/** As any other program would read it: a plain client, no code of ours. Resolves with the first `count` records. */
async function readPlainly(brokers: string[], topic: string, count: number) {
  const consumer = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING }).consumer({
    groupId: `plain-${newId()}`,
    maxWaitTimeInMs: 50,
  });
  closing.push(() => consumer.disconnect());
  const records: { partition: number; message: KafkaMessage }[] = [];
  const enough = deferred();
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ partition, message }) => {
      records.push({ partition, message });
      if (records.length === count) enough.resolve();
    },
  });
  await enough.promise;
  return records.map(({ partition, message }) => ({
    partition,
    key: message.key?.toString(),
    value: message.value,
    headers: Object.fromEntries(Object.entries(message.headers ?? {}).map(([k, v]) => [k, String(v)])),
  }));
}

function onTheWire(): void {
  it(
    'an event is a CloudEvent in binary mode, on the partition that Java would choose',
    async () => {
      const bench = await open();
      const events = await bench.tell(bench.events({ keys: 8 }), { ordered: true });
      const records = await readPlainly(bench.place.brokers, bench.place.prefix + bench.topic, 8);
      for (const { key, partition, headers } of records) {
        expect(partition).toBe(partitionOf(key ?? '', PARTITIONS));
        expect(headers).toMatchObject({
          ce_specversion: '1.0',
          ce_type: 'heed.contacts.v1.ConsentChanged',
          ce_source: 'heed/contacts',
          ce_tenantid: bench.tenantId,
          ce_subject: key,
          ce_sequence: '00000000000000000001',
          'content-type': 'application/protobuf',
        });
        expect(headers).toHaveProperty('ce_dataschema');
      }
      expect(new Set(records.map(({ key }) => key))).toEqual(new Set(events.map(({ key }) => key)));
    },
    PATIENCE_MS,
  );

  it(
    'a cycle that is larger than one record batch may be goes in several, in order, and the largest event by itself',
    async () => {
      const bench = await open();
      const { brokers, prefix } = bench.place;
      const publisher = new KafkaPublisher(kafkaClient({ brokers }, 'spec', logger()), prefix, 'contacts');
      closing.push(() => publisher.close());
      const sizes = [
        ...Array.from({ length: 400 }, () => 5_000),
        1_020_000,
        ...Array.from({ length: 99 }, () => 9_000),
      ];
      const rows = sizes.map((size, i): OutboxRow => ({
        ...{ seq: BigInt(i), id: newId(), tenantId: bench.tenantId, type: 't', topic: bench.topic, shard: 1 },
        ...{ key: newId(), subject: null, sequence: null, occurredAt: new Date(), traceparent: null },
        payload: Buffer.alloc(size),
      }));
      await publisher.publish(rows);
      const records = await readPlainly(brokers, prefix + bench.topic, rows.length);
      expect(records.map(({ headers }) => headers['ce_id'])).toEqual(rows.map(({ id }) => id));
      // Each names the one before it.
      expect(records.slice(1).map(({ headers }) => headers['heed_previous'])).toEqual(
        rows.slice(0, -1).map(({ id }) => id),
      );
    },
    PATIENCE_MS,
  );

  it(
    '3.2 a parked event is announced by where it lies and why, never by what is in it',
    async () => {
      const bench = await open();
      bench.join({
        handle: () =>
          Promise.reject(new DomainError('NOT_UNDERSTOOD', 'internal', { message: 'jane@example.org' })),
      });
      const [event] = await bench.tell(bench.events());
      const topic = `${bench.place.prefix}${GROUP}.dlt`;
      const [parked] = await parkedOf(bench);
      const [letter] = await readWhenThere(bench.place.brokers, topic);
      expect(letter).toMatchObject({ key: event?.key, value: null });
      expect(letter?.headers).toEqual({
        dlt_consumer: GROUP,
        dlt_topic: bench.topic,
        dlt_partition: String(partitionOf(event?.key ?? '', PARTITIONS)),
        dlt_offset: '0',
        dlt_reason: 'NOT_UNDERSTOOD',
        ce_id: parked?.event_id,
        ce_type: 'heed.contacts.v1.ConsentChanged',
      });
    },
    PATIENCE_MS,
  );

  it(
    '9.1 a topic that is made anew under a running consumer puts it into quarantine',
    async () => {
      const bench = await open();
      const member = bench.join();
      await bench.expectExactly(await bench.tell(bench.events({ keys: 10, each: 4 })));
      const before = (await bench.noted()).length;
      await deleteTopic(bench.place.brokers, bench.place.prefix + bench.topic);
      const { brokers, prefix, topic } = bench.place;
      await applyTopics({ brokers, prefix, topics: [topic], replication: 1 });
      // Longer than what was read: offsets alone would find nothing wrong.
      await bench.tell(bench.events({ keys: 100, each: 4 }));
      const { reason } = await member.quarantined;
      expect(['TOPIC_IS_ANOTHER', 'TOPIC_ENDS_BEFORE_CURSOR']).toContain(reason);
      expect(await bench.noted()).toHaveLength(before);
      expect(member.events.consumers.states()).toMatchObject([{ state: 'quarantined' }]);
    },
    PATIENCE_MS,
  );
}

async function parkedOf(bench: BusBench): Promise<{ event_id: string }[]> {
  for (;;) {
    const rows = await bench.sql<{ event_id: string }>('told', 'select event_id from heed.parked');
    if (rows.length > 0) return rows;
  }
}

/** The topic is made with the first letter. */
async function readWhenThere(brokers: string[], topic: string) {
  for (;;) {
    try {
      return await readPlainly(brokers, topic, 1);
    } catch (error) {
      if (!(error instanceof Error) || !/does not host this topic/.test(error.message)) throw error;
    }
  }
}

function topicsOf(brokers: string[]): void {
  const one = { name: 'heed.contacts.one.v1', partitions: 3, retentionMs: 3_600_000 };
  const two = { name: 'heed.contacts.two.v1', partitions: 1, retentionMs: 7_200_000 };
  const some = () => ({ brokers, prefix: `t${newId().slice(-10)}.`, topics: [one, two] });

  it(
    '9.2 are made as the contracts say, and told apart from what they should be',
    async () => {
      const at = some();
      expect(await diffTopics(at)).toHaveLength(2);
      const names = [one, two].map(({ name }) => at.prefix + name);
      expect(await applyTopics({ ...at, topics: [one] })).toEqual({ created: [names[0]], altered: [] });
      const held = { low: 0n, high: 0n };
      expect(await topicRanges(at, [one.name, two.name])).toEqual(
        new Map([[one.name, new Map([0, 1, 2].map((partition) => [partition, held]))]]),
      );
      expect(await applyTopics(at)).toEqual({ created: [names[1]], altered: [] });
      expect(await diffTopics(at)).toEqual([]);
      expect(await applyTopics(at)).toEqual({ created: [], altered: [] });
    },
    PATIENCE_MS,
  );

  it(
    '9.5 are mended where a setting differs, and never repartitioned',
    async () => {
      const at = some();
      await applyTopics(at);
      const longer = [{ ...one, retentionMs: 9_000_000 }, two];
      expect(await diffTopics({ ...at, topics: longer })).toEqual([
        { topic: at.prefix + one.name, setting: 'retention.ms', wanted: '9000000', found: '3600000' },
      ]);
      expect((await applyTopics({ ...at, topics: longer })).altered).toEqual([at.prefix + one.name]);
      expect(await diffTopics({ ...at, topics: longer })).toEqual([]);
      const wider = { ...at, topics: [{ ...one, retentionMs: 9_000_000, partitions: 6 }, two] };
      await expect(applyTopics(wider)).rejects.toMatchObject({ reason: 'TOPIC_PARTITIONS_DIFFER' });
    },
    PATIENCE_MS,
  );
}
