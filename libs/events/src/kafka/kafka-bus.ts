import { type Clock } from '@heed/kernel';
import { type Logger } from '@heed/telemetry';
import { type Kafka } from 'kafkajs';
import { type BusDriver, type DeadLetter, type Sink, type Subscription } from '../bus.js';
import { BrokerAdmin } from './broker-admin.js';
import { KafkaGroup } from './kafka-group.js';
import { KafkaPublisher } from './kafka-publisher.js';
import { kafkaClient } from './kafka-client.js';
import { type KafkaSettings } from './kafka-settings.js';

export interface KafkaBusOptions extends KafkaSettings {
  service: string;
  clock: Clock;
  log: Logger;
  /** kafkajs has no static membership: a killed member stalls its group this long (2.2 s at 3 s, 9.2 s at 10 s). */
  sessionTimeoutMs?: number;
}

const DAY_MS = 86_400_000;
const DEAD_LETTER_DAYS = 49;

export class KafkaBus implements BusDriver {
  readonly kind = 'kafka';
  readonly publisher: KafkaPublisher;
  private readonly kafka: Kafka;
  private readonly admin: BrokerAdmin;
  private readonly prefix: string;
  private readonly deadLetterTopics = new Map<string, Promise<boolean>>();

  constructor(private readonly options: KafkaBusOptions) {
    this.prefix = options.prefix ?? '';
    this.kafka = kafkaClient(options, `heed-${options.service}`, options.log);
    this.admin = new BrokerAdmin(this.kafka);
    this.publisher = new KafkaPublisher(this.kafka, this.prefix, options.service);
  }

  /** Nothing to do: the relay has been told. */
  committed(): void {
    return;
  }

  subscribe(sink: Sink): Subscription {
    const { clock, log, sessionTimeoutMs = 3_000 } = this.options;
    return new KafkaGroup({
      kafka: this.kafka,
      admin: this.admin,
      sink,
      prefix: this.prefix,
      clock,
      log,
      sessionTimeoutMs,
    });
  }

  async ends({ consumer, topics }: Pick<Sink, 'consumer' | 'topics'>): ReturnType<BusDriver['ends']> {
    const named = topics.map((topic) => this.prefix + topic);
    const ranges = await this.admin.ranges(named);
    const told = await this.admin.committed(this.prefix + consumer, named);
    return topics.flatMap((topic) =>
      [...(ranges.get(this.prefix + topic) ?? [])].map(([partition, { high }]) => {
        const before = told.get(this.prefix + topic)?.get(partition) ?? 0n;
        return { topic, partition, position: String(before > high ? before : high) };
      }),
    );
  }

  async announce(letters: readonly DeadLetter[]): Promise<void> {
    for (const letter of letters) {
      const topic = `${this.prefix}${letter.consumer}.dlt`;
      try {
        await this.deadLetterTopic(topic);
        await this.publisher.publishNotice(topic, letter);
      } catch (error) {
        this.options.log.warn('dead letter not announced', { consumer: letter.consumer, error });
      }
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.publisher.close(), this.admin.close()]);
  }

  /** Made with the first letter, by whoever writes it: most groups never have one. */
  private deadLetterTopic(topic: string): Promise<boolean> {
    let made = this.deadLetterTopics.get(topic);
    if (made === undefined) {
      const retention = { name: 'retention.ms', value: String(DEAD_LETTER_DAYS * DAY_MS) };
      made = this.admin.ensureTopic(topic, [retention]);
      made.catch(() => this.deadLetterTopics.delete(topic));
      this.deadLetterTopics.set(topic, made);
    }
    return made;
  }
}
