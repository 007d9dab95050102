import { systemClock } from '@heed/kernel';
import kafkajs, { type Admin, type ITopicConfig, type Kafka } from 'kafkajs';

/** First and next offset of a partition. */
export interface Range {
  low: bigint;
  high: bigint;
}

/** One administrative connection for all groups of a process, opened when it is needed. */
export class BrokerAdmin {
  private admin: Promise<Admin> | undefined;

  constructor(private readonly kafka: Kafka) {}

  /** The offsets that these topics hold, by topic and partition. */
  async ranges(topics: readonly string[]): Promise<Map<string, Map<number, Range>>> {
    return this.use(async (admin) => {
      const found = new Map<string, Map<number, Range>>();
      for (const topic of topics) {
        const offsets = await admin.fetchTopicOffsets(topic);
        found.set(
          topic,
          new Map(
            offsets.map(({ partition, low, high }) => [partition, { low: BigInt(low), high: BigInt(high) }]),
          ),
        );
      }
      return found;
    });
  }

  /** The first offsets of these topics that were written at a time or after it. */
  async offsetsAt(topics: readonly string[], at: Date): Promise<Map<string, Map<number, bigint>>> {
    return this.use(async (admin) => {
      const found = new Map<string, Map<number, bigint>>();
      for (const topic of topics) {
        const offsets = await admin.fetchTopicOffsetsByTimestamp(topic, at.getTime());
        found.set(topic, new Map(offsets.map(({ partition, offset }) => [partition, BigInt(offset)])));
      }
      return found;
    });
  }

  /** What the group has told Kafka, by topic and partition; nothing where it has told nothing. */
  async committed(groupId: string, topics: readonly string[]): Promise<Map<string, Map<number, bigint>>> {
    return this.use(async (admin) => {
      const answer = await admin.fetchOffsets({ groupId, topics: [...topics] });
      return new Map(
        answer.map(({ topic, partitions }) => [
          topic,
          new Map(
            partitions
              .map(({ partition, offset }) => [partition, BigInt(offset)] as const)
              .filter(([, offset]) => offset >= 0n),
          ),
        ]),
      );
    });
  }

  /** Makes a topic if it is missing; answers whether it was. */
  async ensureTopic(topic: string, configEntries: { name: string; value: string }[]): Promise<boolean> {
    return this.use((admin) =>
      createTopics(admin, [{ topic, numPartitions: 1, replicationFactor: -1, configEntries }]),
    );
  }

  /** Once more with a new connection: brokers end idle ones, and leaders move. */
  async use<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    try {
      return await work(await this.connected());
    } catch (error) {
      if (isMissingTopic(error)) throw error;
      await this.close();
      return work(await this.connected());
    }
  }

  async close(): Promise<void> {
    const open = this.admin;
    this.admin = undefined;
    const admin = await open?.catch(() => undefined);
    await admin?.disconnect().catch(() => undefined);
  }

  private connected(): Promise<Admin> {
    if (this.admin === undefined) {
      const admin = this.kafka.admin();
      this.admin = admin.connect().then(() => admin);
      this.admin.catch(() => (this.admin = undefined));
    }
    return this.admin;
  }
}

const KNOWN_WITHIN_MS = 30_000;

/**
 * Makes topics, and resolves once the brokers know them and who leads; answers whether they were missing. The client
 * would wait for leaders by itself, and gives up where a broker has not heard yet of what its controller has made.
 */
export async function createTopics(admin: Admin, topics: ITopicConfig[]): Promise<boolean> {
  const created = await admin.createTopics({ topics, waitForLeaders: false });
  const names = topics.map(({ topic }) => topic);
  const until = systemClock.monotonicMs() + KNOWN_WITHIN_MS;
  for (;;) {
    try {
      const { topics: known } = await admin.fetchTopicMetadata({ topics: names });
      const isLed = known.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0));
      // Whoever writes or reads looks for leaders as well.
      if (isLed || systemClock.monotonicMs() > until) return created;
    } catch (error) {
      if (!isMissingTopic(error) || systemClock.monotonicMs() > until) throw error;
    }
    await systemClock.wait(20);
  }
}

/** Looks through the wrappings that kafkajs puts around the broker's answer. */
export function isMissingTopic(error: unknown): boolean {
  return isOf(['UNKNOWN_TOPIC_OR_PARTITION'], error, 'KafkaJSTopicMetadataNotLoaded');
}

/** Of a broker that has just started, or whose partitions are being given to another one. */
export function isLeaderless(error: unknown): boolean {
  return isOf(['NOT_LEADER_FOR_PARTITION', 'LEADER_NOT_AVAILABLE'], error);
}

function isOf(types: readonly string[], error: unknown, name?: string): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof kafkajs.KafkaJSProtocolError && types.includes(at.type)) return true;
    if (at.name === name) return true;
  }
  return false;
}
