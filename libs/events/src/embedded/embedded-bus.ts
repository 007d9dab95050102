import { DomainError, type Clock } from '@heed/kernel';
import { connectionUrl, type Database, type Passwords } from '@heed/postgres';
import { type Logger } from '@heed/telemetry';
import { type BusDriver, type DeadLetter, type Sink, type Subscription } from '../bus.js';
import { BEGINNING } from '../outbox-position.js';
import { EmbeddedGroup, streamOf } from './embedded-group.js';
import { Membership } from './membership.js';
import { CHANNEL, OutboxSource } from './outbox-source.js';

export interface EmbeddedBusOptions {
  service: string;
  /** The service's own database. */
  database: Database;
  /** Databases of the services whose events are read, by service; without a user. */
  sources: Readonly<Record<string, string>>;
  /** Of `<service>_bus`. */
  passwords: Passwords;
  clock: Clock;
  log: Logger;
}

/**
 * The last resort, for the processes of one machine: consumers read the producers' outboxes directly, each by a
 * snapshot of its own. No broker, no relay; whoever outgrows it sets HEED_BUS=kafka and changes no code.
 */
export class EmbeddedBus implements BusDriver {
  readonly kind = 'embedded';
  private readonly sources = new Map<string, OutboxSource>();
  private readonly membership: Membership;
  private announcing: Promise<void> | undefined;
  private again = false;

  constructor(private readonly options: EmbeddedBusOptions) {
    this.membership = new Membership(options.database);
  }

  /** One announcement at a time, and one more for all that came meanwhile. */
  committed(): void {
    this.again = true;
    this.announcing ??= this.notify();
  }

  subscribe(sink: Sink): Subscription {
    const byProducer = new Map<string, string[]>();
    for (const topic of sink.topics) {
      const producer = topic.split('.')[1] ?? '';
      byProducer.set(producer, [...(byProducer.get(producer) ?? []), topic]);
    }
    const { clock, log } = this.options;
    return new EmbeddedGroup({
      sink,
      sources: [...byProducer].map(([producer, topics]) => ({ source: this.source(producer), topics })),
      membership: this.membership,
      clock,
      log,
    });
  }

  /** Told apart by when they were told of: the processes of one machine share its clock. */
  ends({ topics }: Pick<Sink, 'topics'>): ReturnType<BusDriver['ends']> {
    const producers = new Set(topics.map((topic) => topic.split('.')[1] ?? ''));
    const ends = [...producers].map((name) => ({
      topic: streamOf(name).topic,
      partition: 0,
      position: BEGINNING,
    }));
    return Promise.resolve(ends);
  }

  /** There is no topic for them: the parked rows are there to be listed. */
  announce(_letters: readonly DeadLetter[]): Promise<void> {
    return Promise.resolve();
  }

  async close(): Promise<void> {
    await Promise.all([...this.sources.values()].map((source) => source.close()));
    await this.membership.close();
    await this.announcing;
  }

  private source(producer: string): OutboxSource {
    let source = this.sources.get(producer);
    if (source === undefined) {
      const { service, database, sources, passwords, clock, log } = this.options;
      const server = sources[producer] ?? (producer === service ? database.url : undefined);
      if (server === undefined) {
        throw new DomainError('BUS_SOURCE_MISSING', 'failed-precondition', {
          message: `HEED_BUS_SOURCES does not say where the database of ${producer} is`,
        });
      }
      const url = connectionUrl(server, { service: producer, role: 'bus', passwords });
      source = new OutboxSource({ producer, url, clock, log });
      this.sources.set(producer, source);
    }
    return source;
  }

  private async notify(): Promise<void> {
    while (this.again) {
      this.again = false;
      try {
        await this.options.database.pool('relay').query(`notify ${CHANNEL}`);
      } catch (error) {
        // Readers poll.
        this.options.log.warn('outbox not announced', { error });
      }
    }
    this.announcing = undefined;
  }
}
