import { type Clock } from '@heed/kernel';
import { type Logger } from '@heed/telemetry';
import { type Consumer, type ConsumerGroupJoinEvent, type Kafka } from 'kafkajs';
import { type Quarantine, type Sink, type Stream } from '../bus.js';
import { Assignment } from './assignment.js';
import { type BrokerAdmin } from './broker-admin.js';
import { Intake } from './intake.js';

export interface SessionOptions {
  kafka: Kafka;
  admin: BrokerAdmin;
  sink: Sink;
  prefix: string;
  clock: Clock;
  log: Logger;
  sessionTimeoutMs: number;
}

/** What ended a session. */
export type SessionEnd =
  { kind: 'stopped' } | { kind: 'quarantined'; found: Quarantine } | { kind: 'crashed'; error: Error };

const TICK_MS = 1_000;
const TICKS_A_COMPARISON = 10;

/** One kafkajs consumer, from joining the group to leaving it. Whoever needs another opens another. */
export class KafkaSession {
  private readonly consumer: Consumer;
  private readonly assignment: Assignment;
  private readonly intake: Intake;
  private readonly closing = new AbortController();
  private end!: (end: SessionEnd) => void;
  private unsaid = false;
  private telling: Promise<void> = Promise.resolve();
  readonly ended = new Promise<SessionEnd>((resolve) => (this.end = resolve));

  constructor(private readonly options: SessionOptions) {
    const { kafka, sink, prefix, clock, log, admin, sessionTimeoutMs } = options;
    const groupId = prefix + sink.consumer;
    this.consumer = kafka.consumer({
      groupId,
      sessionTimeout: sessionTimeoutMs,
      heartbeatInterval: Math.floor(sessionTimeoutMs / 3),
      rebalanceTimeout: 30_000,
      // Disconnect and resume wait for the fetch in flight.
      maxWaitTimeInMs: 100,
      maxBytesPerPartition: 262_144,
      maxBytes: 2_097_152,
      allowAutoTopicCreation: false,
      // A consumer that gives up is replaced by a new one, here: kafkajs restarts itself in some cases and not in others.
      retry: { retries: 5, initialRetryTime: 100, maxRetryTime: 1_000, restartOnFailure: async () => false },
    });
    const { signal } = this.closing;
    this.assignment = new Assignment({
      sink,
      admin,
      groupId,
      prefix,
      clock,
      log,
      signal,
      seek: ({ topic, partition }, offset) => this.seek(topic, partition, offset),
      quarantine: (found) => this.end({ kind: 'quarantined', found }),
    });
    const committed = (): void => void (this.unsaid = true);
    this.intake = new Intake({ sink, assignment: this.assignment, clock, log, signal, committed });
  }

  async open(): Promise<void> {
    const { sink, prefix } = this.options;
    const { CRASH, GROUP_JOIN } = this.consumer.events;
    this.consumer.on(CRASH, ({ payload }) => this.end({ kind: 'crashed', error: payload.error }));
    this.consumer.on(GROUP_JOIN, ({ payload }) => this.assignment.begin(streamsOf(payload, prefix)));
    await this.consumer.connect();
    // From the beginning also where kafkajs resets an offset by itself: what it then delivers is not where we are, and
    // so is checked and not handled. The end would skip.
    await this.consumer.subscribe({
      topics: sink.topics.map((topic) => prefix + topic),
      fromBeginning: true,
    });
    await this.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: MANY,
      eachBatch: (payload) => (this.closing.signal.aborted ? Promise.resolve() : this.intake.take(payload)),
    });
    void this.tick();
  }

  /** Finishes what is in hand, tells Kafka how far it was, leaves the group. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.intake.settled();
    await this.tellKafka();
    await this.consumer.disconnect().catch(() => undefined);
    this.end({ kind: 'stopped' });
  }

  get lag(): number {
    return this.assignment.lag();
  }

  get caughtUp(): boolean {
    return this.assignment.caughtUp();
  }

  get retrying(): boolean {
    return this.intake.retrying;
  }

  private seek(topic: string, partition: number, offset: bigint): void {
    try {
      this.consumer.seek({ topic: this.options.prefix + topic, partition, offset: String(offset) });
    } catch {
      // The consumer has stopped in the meantime; whoever is assigned next seeks for itself.
    }
  }

  private async tick(): Promise<void> {
    const { clock, log, sink } = this.options;
    const { signal } = this.closing;
    for (let ticks = 1; ; ticks += 1) {
      try {
        await clock.wait(TICK_MS, signal);
      } catch {
        return;
      }
      await this.tellKafka();
      if (ticks % TICKS_A_COMPARISON !== 0) continue;
      await this.assignment
        .compare()
        .catch((error: unknown) => log.warn('cursors not compared', { consumer: sink.consumer, error }));
    }
  }

  /** For tools that show lag, and as a mark outside the database of how far the group once was. */
  private tellKafka(): Promise<void> {
    // One after another: whoever leaves the group must know whether what was said last arrived.
    this.telling = this.telling.then(() => this.tell());
    return this.telling;
  }

  private async tell(): Promise<void> {
    if (!this.unsaid) return;
    this.unsaid = false;
    const offsets = this.assignment.partitions().map(({ stream, cursor }) => ({
      topic: this.options.prefix + stream.topic,
      partition: stream.partition,
      offset: String(cursor),
    }));
    try {
      await this.consumer.commitOffsets(offsets);
    } catch {
      this.unsaid = true;
    }
  }
}

/** More than any member is assigned; kafkajs makes as many workers, which cost nothing while they wait. */
const MANY = 64;

function streamsOf({ memberAssignment }: ConsumerGroupJoinEvent['payload'], prefix: string): Stream[] {
  return Object.entries(memberAssignment).flatMap(([topic, partitions]) =>
    partitions.map((partition) => ({ topic: topic.slice(prefix.length), partition })),
  );
}
