import { DomainError, type Clock } from '@heed/kernel';
import { type DatabaseRole, type Tx, type UnitOfWork } from '@heed/postgres';
import { metrics, type Logger } from '@heed/telemetry';
import { AskedReplays } from './asked-replays.js';
import { type BusDriver, type GroupState, type Subscription } from './bus.js';
import { Inbox } from './inbox.js';
import {
  typesOf,
  type IncomingEvent,
  type PayloadOf,
  type ReadableType,
  type Types,
} from './incoming-event.js';
import { listParkedKeys, type ParkedKey } from './parking.store.js';
import { dropEarlierCursors, writeReplayEnds } from './quarantine.store.js';
import { replayParked, type Replay } from './replay-parked.js';

export interface Consumer<Type extends ReadableType> {
  /** One type or several; within a topic and a key they come in order. */
  event: Type | readonly Type[];
  /** `<service>.<what>`. Permanent: another name starts at the beginning of the topic. */
  group: string;
  /**
   * Called in the inbox's transaction, once for each tenant of a batch, with events in order and never one twice.
   * What it throws decides: unavailable, aborted and the like put the batch off; the fence's refusal is counted; all
   * else parks the event, and later ones of its key queue behind.
   */
  handle(tx: Tx, events: IncomingEvent<PayloadOf<Type>>[]): Promise<void>;
  /** It sends, dials or calls outside: after its database went back it must not run on its own. */
  acting?: boolean;
  /** Default `service`; orders of erasure are carried out by `eraser`. */
  role?: DatabaseRole;
  /** Where a group that is new begins: with what was told since then. At the beginning without. */
  from?: Date;
}

export interface ConsumersOptions {
  service: string;
  bus: BusDriver;
  work: UnitOfWork;
  clock: Clock;
  log: Logger;
  /** Told once of each group that goes to quarantine. */
  onQuarantine?: (state: GroupState) => void;
  /** Told of a group that keeps state and begins before where it had been: its database was restored. */
  onWentBack?: (consumer: string) => void;
}

interface Registered {
  consumer: string;
  role: DatabaseRole;
  types: Types;
  handle(tx: Tx, events: IncomingEvent<unknown>[]): Promise<void>;
  inbox: Inbox;
  subscription: Subscription;
}

const GROUP = /^[a-z][a-z0-9]*\.[a-z][a-z0-9-]{0,60}$/;

/** The groups of a service. One group is one handler: two handlers of an event are two groups, each exactly once. */
export class Consumers {
  private readonly groups = new Map<string, Registered>();
  private started = false;
  private forgetGauge: (() => void) | undefined;
  private readonly asked: AskedReplays;

  constructor(private readonly options: ConsumersOptions) {
    const { work, clock, log } = options;
    this.asked = new AskedReplays({
      ...{ work, clock, log },
      consumers: () => [...this.groups.keys()],
      replay: (group, topic, key) => this.replayParked(group, topic, key),
    });
  }

  add<Type extends ReadableType>(consumer: Consumer<Type>): void {
    const { service, bus, work, clock, log } = this.options;
    const { group, acting = false, role = 'service' } = consumer;
    if (!GROUP.test(group) || !group.startsWith(`${service}.`)) {
      throw new DomainError('GROUP_NAME_INVALID', 'internal', { metadata: { group } });
    }
    if (this.groups.has(group)) throw new DomainError('GROUP_TAKEN', 'internal', { metadata: { group } });
    const events: readonly Type[] = Array.isArray(consumer.event) ? consumer.event : [consumer.event as Type];
    const types = typesOf(events);
    // The types were checked by `add`; from here on an event is what its topic and name say.
    const handle = consumer.handle.bind(consumer) as Registered['handle'];
    const inbox = new Inbox({
      consumer: group,
      topics: [...new Set(events.map((event) => event.topic))],
      types,
      acting,
      role,
      handle,
      work,
      clock,
      log,
      announce: (letters) => bus.announce(letters),
      onQuarantine: () => this.options.onQuarantine?.(subscription.state()),
      onWentBack: () => this.options.onWentBack?.(group),
      from: consumer.from,
    });
    const subscription: Subscription = bus.subscribe(inbox);
    this.groups.set(group, { consumer: group, role, types, handle, inbox, subscription });
    if (this.started) subscription.start();
  }

  /** Ends a group that was there for a while. Its cursors stay; `from` is of a group that has none. */
  async remove(group: string): Promise<void> {
    const registered = this.groups.get(group);
    this.groups.delete(group);
    await registered?.subscription.stop();
  }

  /** Adds a group that is there for a resync alone. It goes on where this resync has come, and else begins with `from`. */
  async addForResync<Type extends ReadableType>(consumer: Consumer<Type>): Promise<void> {
    const { group, role = 'service' } = consumer;
    await this.remove(group);
    await this.options.work.runAcross(role, (tx) => dropEarlierCursors(tx, group));
    this.add(consumer);
  }

  /** What those who act have before them by now was asked for in a life that is over: they will do nothing about it. */
  async markReplayEnds(): Promise<void> {
    const { bus, work, clock } = this.options;
    for (const { inbox } of [...this.groups.values()].filter(({ inbox }) => inbox.acting)) {
      const ends = await bus.ends(inbox);
      await work.runAcross('service', (tx) => writeReplayEnds(tx, inbox.consumer, ends, clock.now()));
    }
  }

  start(): void {
    this.started = true;
    this.forgetGauge ??= metrics.gauge(
      'heed_inbox_lag',
      {
        description: 'Records that lie beyond the cursors of all groups, where the driver can tell.',
        unit: '{record}',
      },
      () => this.states().reduce((sum, { lag }) => sum + lag, 0),
    );
    for (const { subscription } of this.groups.values()) subscription.start();
    this.asked.start();
  }

  async stop(): Promise<void> {
    this.started = false;
    this.forgetGauge?.();
    this.forgetGauge = undefined;
    await Promise.all([
      this.asked.stop(),
      ...[...this.groups.values()].map(({ subscription }) => subscription.stop()),
    ]);
  }

  states(): GroupState[] {
    return [...this.groups.values()].map(({ subscription }) => subscription.state());
  }

  /** Keys that stand still, oldest first. */
  parked(group?: string, limit = 100): Promise<ParkedKey[]> {
    return this.options.work.runAcross('service', (tx) => listParkedKeys(tx, group ?? null, limit));
  }

  /** Tries the events of a key again, in order. */
  replayParked(group: string, topic: string, key: string): Promise<Replay> {
    const registered = this.groups.get(group);
    if (registered === undefined)
      throw new DomainError('GROUP_UNKNOWN', 'not-found', { metadata: { group } });
    const { work, clock } = this.options;
    return replayParked({ ...registered, work, clock }, topic, key);
  }
}
