import { topics as allTopics } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { logger, type Logger } from '@heed/telemetry';
import { type Admin, type Kafka } from 'kafkajs';
import { knownHeaders } from '../cloud-events.js';
import { kafkaClient } from '../kafka/kafka-client.js';
import { type KafkaSettings } from '../kafka/kafka-settings.js';
import { readRecord, type TailOptions } from './tailed-event.js';

/**
 * Looks on at a cluster. kafkajs reads in groups only: this one is made for the occasion, commits nothing and is taken
 * away afterwards, so that no service's group is joined and no lag tool finds it.
 */
export async function tailKafka(
  settings: KafkaSettings,
  options: TailOptions,
  log: Logger = logger({ component: 'tail' }),
): Promise<void> {
  const { prefix = '' } = settings;
  const names = (options.topics ?? allTopics.map(({ name }) => name)).map((name) => prefix + name);
  const kafka = kafkaClient(settings, 'heed-tail', log);
  const admin = kafka.admin({ retry: { retries: 5, initialRetryTime: 200 } });
  await admin.connect();
  const groupId = `heed-tail.${newId()}`;
  try {
    if (options.from === 'now') {
      await consume(kafka, { groupId, names, starts: await startsOf(admin, names) }, options);
      return;
    }
    const ends = options.follow ? undefined : await endsOf(admin, names);
    if (ends?.size === 0) return;
    await consume(kafka, { groupId, names, ends }, options);
  } finally {
    await admin.deleteGroups([groupId]).catch(() => undefined);
    await admin.disconnect();
  }
}

/** The last offset of each partition that holds anything. */
async function endsOf(admin: Admin, names: readonly string[]): Promise<Map<string, bigint>> {
  const ends = new Map<string, bigint>();
  for (const topic of names) {
    for (const { partition, high, low } of await admin.fetchTopicOffsets(topic)) {
      if (BigInt(high) > BigInt(low)) ends.set(`${topic}/${partition}`, BigInt(high) - 1n);
    }
  }
  return ends;
}

interface Place {
  topic: string;
  partition: number;
  offset: string;
}

/** Where each partition goes on. A group that begins "at the end" takes the end at its first fetch, seconds from now. */
async function startsOf(admin: Admin, names: readonly string[]): Promise<Place[]> {
  const starts: Place[] = [];
  for (const topic of names) {
    for (const { partition, high } of await admin.fetchTopicOffsets(topic)) {
      starts.push({ topic, partition, offset: high });
    }
  }
  return starts;
}

async function consume(
  kafka: Kafka,
  what: { groupId: string; names: string[]; starts?: Place[]; ends?: Map<string, bigint> | undefined },
  { from, signal, onBegun, onEvent }: TailOptions,
): Promise<void> {
  const { groupId, names, starts = [], ends } = what;
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100, sessionTimeout: 6_000 });
  await consumer.connect();
  try {
    const enough = new Promise<void>((resolve, reject) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
      consumer.on('consumer.crash', ({ payload }) => {
        if (!payload.restart) reject(payload.error);
      });
      let over = false;
      // Until it was told where to begin it reads at the end as it finds it: that comes once more, from the right place.
      let begun = starts.length === 0;
      const reading = async (): Promise<void> => {
        await consumer.subscribe({ topics: names, fromBeginning: from === 'beginning' });
        await consumer.run({
          autoCommit: false,
          eachMessage: async ({ topic, partition, message: { key, headers, value, offset } }) => {
            if (over || !begun) return;
            const raw = {
              ...{ topic, partition, offset },
              key: key?.toString() ?? '',
              headers: knownHeaders(headers),
              payload: value ?? Buffer.alloc(0),
            };
            over = !onEvent(readRecord(raw));
            const place = `${topic}/${partition}`;
            if (ends && BigInt(offset) >= (ends.get(place) ?? 0n)) ends.delete(place);
            if (over || ends?.size === 0) resolve();
          },
        });
        for (const place of starts) consumer.seek(place);
        begun = true;
        onBegun?.();
      };
      reading().catch(reject);
    });
    await enough;
  } finally {
    await consumer.disconnect();
  }
}
