import { type EventType, type TopicSpec } from '@heed/contracts';
import { chunked, DomainError, isUuid, newId, type Clock } from '@heed/kernel';
import { type Tx } from '@heed/postgres';
import { currentTraceparent } from '@heed/telemetry';
import { refuseIdentifiers } from './identifiers-only.js';
import { partitionOf } from './murmur2.js';
import { insertEvents, nextSequences, type NewEvent } from './outbox.store.js';

export interface AddOptions {
  /** Default: the field that the contract names as the key. */
  key?: string;
  /** Default: the field that the contract names as the subject. */
  subject?: string;
  /** For an ordered event of an aggregate that is no subject: its own number, taken under its row's lock. */
  sequence?: bigint;
  /** Of what it tells of, where one transaction ends the work of several traces. Default: the span that is active. */
  traceparent?: string;
}

export interface OutboxOptions {
  /** The service whose outbox this is. It publishes its own events and no others. */
  service: string;
  topics: readonly TopicSpec[];
  clock: Clock;
  /** Told after each commit that added something: wakes the relay. */
  committed: () => void;
}

/** With its headers an event must fit into one record of Kafka (message.max.bytes: 1,048,588). */
const LARGEST_PAYLOAD = 1_020_000;

/** Transactions that insert in bulk stay short: 1,000 rows a statement. */
const ROWS_A_STATEMENT = 1_000;

/**
 * Where a use case writes what others shall learn, in the transaction of what it tells about: both commit or neither.
 * For events that are ordered, call it after the row of their aggregate is locked; the number is taken here.
 */
export class Outbox {
  private readonly partitions: Map<string, number>;

  constructor(private readonly options: OutboxOptions) {
    this.partitions = new Map(options.topics.map((topic) => [topic.name, topic.partitions]));
  }

  add<T>(tx: Tx, type: EventType<T>, data: T, options: AddOptions = {}): Promise<void> {
    return this.addAll(tx, type, [{ ...options, data }]);
  }

  async addAll<T>(tx: Tx, type: EventType<T>, items: readonly (AddOptions & { data: T })[]): Promise<void> {
    if (items.length === 0) return;
    if (type.producer !== this.options.service) {
      throw new DomainError('EVENT_OF_ANOTHER_SERVICE', 'internal', { metadata: { type: type.name } });
    }
    const partitions = this.partitions.get(type.topic);
    if (partitions === undefined) {
      throw new DomainError('TOPIC_UNKNOWN', 'internal', { metadata: { topic: type.topic } });
    }
    const events = items.map((item) => toEvent(type, item, partitions));
    if (type.ordered) await number(tx, type, events);
    for (const slice of chunked(events, ROWS_A_STATEMENT)) {
      await insertEvents(tx, {
        tenantId: tx.tenantId,
        type: type.name,
        topic: type.topic,
        occurredAt: this.options.clock.now(),
        events: slice,
      });
    }
    tx.afterCommit(this.options.committed);
  }
}

function toEvent<T>(type: EventType<T>, item: AddOptions & { data: T }, partitions: number): NewEvent {
  const { data } = item;
  refuseIdentifiers(type, data);
  const key = item.key ?? textOf(data, type.keyField);
  // A key is shown in every tool that looks at a topic.
  if (key === undefined || !isUuid(key)) {
    throw new DomainError('EVENT_KEY_INVALID', 'internal', { metadata: { type: type.name } });
  }
  const subject = item.subject ?? textOf(data, type.subjectField);
  if (subject !== undefined && !isUuid(subject)) {
    throw new DomainError('EVENT_SUBJECT_INVALID', 'internal', { metadata: { type: type.name } });
  }
  const payload = Buffer.from(type.codec.encode(data).finish());
  if (payload.length > LARGEST_PAYLOAD) {
    throw new DomainError('EVENT_TOO_LARGE', 'internal', { metadata: { type: type.name } });
  }
  return {
    id: newId(),
    shard: partitionOf(key, partitions),
    key,
    subject: subject ?? null,
    sequence: item.sequence ?? null,
    payload,
    traceparent: item.traceparent ?? currentTraceparent() ?? null,
  };
}

async function number<T>(tx: Tx, type: EventType<T>, events: NewEvent[]): Promise<void> {
  const unnumbered = events.filter((event) => event.sequence === null);
  if (unnumbered.length === 0) return;
  const subjects = unnumbered.map((event) => event.subject);
  if (subjects.includes(null)) {
    throw new DomainError('EVENT_WITHOUT_SEQUENCE', 'internal', {
      message: `${type.name} is ordered: it needs a subject, or the number of its aggregate`,
      metadata: { type: type.name },
    });
  }
  const numbers = await nextSequences(tx, tx.tenantId, subjects as string[]);
  unnumbered.forEach((event, index) => (event.sequence = numbers[index] ?? null));
}

function textOf<T>(data: T, field: (keyof T & string) | undefined): string | undefined {
  const value: unknown = field === undefined ? undefined : data[field];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
