import { DomainError } from '@heed/kernel';
import kafkajs, { type Kafka, type Producer, type TopicMessages } from 'kafkajs';
import { headersOf, PREVIOUS } from '../cloud-events.js';
import { type DeadLetter, type Publisher } from '../bus.js';
import { type OutboxRow } from '../outbox-row.js';
import { isMissingTopic } from './broker-admin.js';

/** All replicas in sync. */
const ALL = -1;

// kafkajs makes one record batch of what one call has for a partition, and a broker takes none above 1,048,588 bytes
// (message.max.bytes): 1,000 small events of one key would be too large with their headers, now and at every retry.
const BATCH_BYTES = 800_000;
const RECORD_OVERHEAD_BYTES = 700;

export class KafkaPublisher implements Publisher {
  private producer: Promise<Producer> | undefined;
  /** The last event that was acknowledged in each partition, by topic and partition; forgotten with every doubt. */
  private last = new Map<string, string>();

  constructor(
    private readonly kafka: Kafka,
    private readonly prefix: string,
    private readonly service: string,
  ) {}

  async publish(rows: readonly OutboxRow[]): Promise<void> {
    for (const slice of sendable(rows)) await this.publishAtOnce(slice);
  }

  private async publishAtOnce(rows: readonly OutboxRow[]): Promise<void> {
    const byTopic = new Map<string, TopicMessages>();
    const last = new Map(this.last);
    this.last.clear();
    for (const row of rows) {
      const topic = this.prefix + row.topic;
      let entry = byTopic.get(topic);
      if (entry === undefined) byTopic.set(topic, (entry = { topic, messages: [] }));
      const place = placeOf(row);
      const previous = last.get(place);
      last.set(place, row.id);
      entry.messages.push({
        key: row.key,
        // Set and not left to a partitioner: the shard was fixed when the event was added.
        partition: row.shard,
        value: row.payload,
        headers: {
          ...headersOf(row, this.service),
          ...(previous === undefined ? {} : { [PREVIOUS]: previous }),
        },
        timestamp: String(row.occurredAt.getTime()),
      });
    }
    await this.send([...byTopic.values()]);
    this.last = last;
  }

  async publishNotice(topic: string, letter: DeadLetter): Promise<void> {
    const headers: Record<string, string> = {
      dlt_consumer: letter.consumer,
      dlt_topic: letter.origin.topic,
      dlt_partition: String(letter.origin.partition),
      dlt_offset: letter.origin.offset,
      dlt_reason: letter.reason,
      ...(letter.sqlstate === undefined ? {} : { dlt_sqlstate: letter.sqlstate }),
      ...(letter.eventId === undefined ? {} : { ce_id: letter.eventId }),
      ...(letter.eventType === undefined ? {} : { ce_type: letter.eventType }),
    };
    await this.send([{ topic, messages: [{ key: letter.key, value: null, headers }] }]);
  }

  async close(): Promise<void> {
    const open = this.producer;
    this.producer = undefined;
    const producer = await open?.catch(() => undefined);
    await producer?.disconnect().catch(() => undefined);
  }

  private async send(topicMessages: TopicMessages[]): Promise<void> {
    try {
      const producer = await this.connected();
      await producer.sendBatch({ acks: ALL, topicMessages });
    } catch (error) {
      if (!isMissingTopic(error)) throw error;
      throw new DomainError('TOPIC_MISSING', 'unavailable', {
        message: 'a topic is missing: run "heed topics apply"',
        metadata: { topics: topicMessages.map(({ topic }) => topic).join(' ') },
      });
    }
  }

  private connected(): Promise<Producer> {
    if (this.producer === undefined) {
      const producer = this.kafka.producer({
        // Two requests in flight could change places when the first is sent again.
        maxInFlightRequests: 1,
        allowAutoTopicCreation: false,
        createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
        retry: { retries: 4, initialRetryTime: 100, maxRetryTime: 1_000 },
      });
      this.producer = producer.connect().then(() => producer);
      this.producer.catch(() => (this.producer = undefined));
    }
    return this.producer;
  }
}

/** Consecutive rows that may go in one call. One that is too large by itself goes alone. */
export function* sendable(rows: readonly OutboxRow[]): Generator<OutboxRow[]> {
  let slice: OutboxRow[] = [];
  let bytes = new Map<string, number>();
  for (const row of rows) {
    const size = row.payload.length + RECORD_OVERHEAD_BYTES;
    const place = placeOf(row);
    const sum = (bytes.get(place) ?? 0) + size;
    if (sum > BATCH_BYTES && slice.length > 0) {
      yield slice;
      slice = [];
      bytes = new Map([[place, size]]);
    } else {
      bytes.set(place, sum);
    }
    slice.push(row);
  }
  if (slice.length > 0) yield slice;
}

function placeOf({ topic, shard }: OutboxRow): string {
  return `${topic}/${shard}`;
}
