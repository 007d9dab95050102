import { type FrameSettings } from '@heed/config';
import { topics as allTopics, type TopicSpec } from '@heed/contracts';
import { Bell, DomainError, type Clock } from '@heed/kernel';
import { type Database, type Passwords, type UnitOfWork } from '@heed/postgres';
import { type Signals } from '@heed/signals';
import { type Logger } from '@heed/telemetry';
import { type BusDriver, type GroupState } from './bus.js';
import { Consumers } from './consumers.js';
import { EmbeddedBus } from './embedded/embedded-bus.js';
import { KafkaBus } from './kafka/kafka-bus.js';
import { type KafkaSettings } from './kafka/kafka-settings.js';
import { Outbox } from './outbox.js';
import { OutboxKeeper } from './outbox-keeper.js';
import { Relay, type RelayStep } from './relay.js';

/** Which bus, and where it is. */
export type BusSettings =
  | ({ kind: 'kafka'; sessionTimeoutMs?: number } & KafkaSettings)
  | { kind: 'embedded'; sources: Readonly<Record<string, string>>; passwords: Passwords };

export interface EventsOptions {
  service: string;
  bus: BusSettings;
  database: Database;
  work: UnitOfWork;
  signals: Signals;
  clock: Clock;
  log: Logger;
  /** Default: every topic of the contracts. */
  topics?: readonly TopicSpec[];
  /** Told once of each group that goes to quarantine. */
  onQuarantine?: (state: GroupState) => void;
  /** Told of a group that begins before where it had been (consumers.ts). */
  onWentBack?: (consumer: string) => void;
  /** Where a spec holds or kills the relay. */
  onRelayStep?: (step: RelayStep) => unknown;
}

/** Outbox, relay, consumers and bus of one service, put together. */
export interface Events {
  outbox: Outbox;
  consumers: Consumers;
  bus: BusDriver;
  /** None with the embedded bus. */
  relay: Relay | undefined;
  keeper: OutboxKeeper;
  /** Relay and consumers begin. The tables' days are tended first: without them no transaction could add an event. */
  start(): Promise<void>;
  /** Consumers finish what is in hand, then the relay sends what they have added. */
  stop(): Promise<void>;
}

export function createEvents(options: EventsOptions): Events {
  const { service, database, work, signals, clock, log, topics = allTopics } = options;
  const bus = busOf(options);
  const bell = new Bell(clock);
  const { publisher } = bus;
  const relay = publisher
    ? new Relay({ database, publisher, clock, log, bell, onStep: options.onRelayStep })
    : undefined;
  const signal = `heed.outbox.${service}`;
  const outbox = new Outbox({
    service,
    topics,
    clock,
    committed: () => {
      bell.ring();
      bus.committed();
      // Another replica leads: it is told, or polls.
      if (relay && !relay.leads) signals.publish(signal, {});
    },
  });
  const { onQuarantine, onWentBack } = options;
  const consumers = new Consumers({ service, bus, work, clock, log, onQuarantine, onWentBack });
  const keeper = new OutboxKeeper({ database, clock, log, relayed: relay !== undefined });
  const unsubscribe = relay ? signals.subscribe(signal, () => bell.ring()) : (): void => undefined;
  return {
    outbox,
    consumers,
    bus,
    relay,
    keeper,
    start: async () => {
      await keeper.tend();
      keeper.start();
      relay?.start();
      consumers.start();
    },
    stop: async () => {
      unsubscribe();
      await consumers.stop();
      await relay?.stop();
      await keeper.stop();
      await bus.close();
    },
  };
}

/** The bus that the environment names (libs/config has checked that its parts go together). */
export function busSettingsOf(settings: FrameSettings, passwords: Passwords): BusSettings {
  if (settings.HEED_BUS === 'embedded') {
    return { kind: 'embedded', sources: settings.HEED_BUS_SOURCES ?? {}, passwords };
  }
  const mechanism = settings.KAFKA_SASL_MECHANISM;
  return {
    kind: 'kafka',
    brokers: settings.KAFKA_BROKERS ?? [],
    tls: settings.KAFKA_TLS,
    prefix: settings.HEED_TOPIC_PREFIX,
    // One machine and many kills in development; a cluster may be slow to answer, and is rarely killed.
    sessionTimeoutMs: settings.HEED_ENV === 'production' ? 10_000 : 3_000,
    ...(mechanism === undefined
      ? {}
      : {
          sasl: {
            mechanism,
            username: settings.KAFKA_SASL_USERNAME ?? '',
            password: settings.KAFKA_SASL_PASSWORD ?? '',
          },
        }),
  };
}

function busOf({ service, bus, database, clock, log }: EventsOptions): BusDriver {
  switch (bus.kind) {
    case 'kafka':
      return new KafkaBus({ ...bus, service, clock, log });
    case 'embedded':
      return new EmbeddedBus({ ...bus, service, database, clock, log });
    default:
      throw new DomainError('BUS_UNKNOWN', 'failed-precondition');
  }
}
