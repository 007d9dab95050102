import { Bell, DomainError, isDomainError, type Clock } from '@heed/kernel';
import { type Logger } from '@heed/telemetry';
import { backoffMs } from '../backoff.js';
import {
  CURSOR_MOVED,
  streamKey,
  type Delivery,
  type GroupState,
  type Quarantine,
  type Sink,
  type Stream,
  type Subscription,
} from '../bus.js';
import { headersOf } from '../cloud-events.js';
import { retried } from '../measures.js';
import { BEGINNING, formatPosition, parsePosition, type OutboxPosition } from '../outbox-position.js';
import { type OutboxPage } from '../outbox-reader.store.js';
import { type Membership } from './membership.js';
import { type OutboxSource } from './outbox-source.js';

export interface EmbeddedGroupOptions {
  sink: Sink;
  sources: readonly { source: OutboxSource; topics: string[] }[];
  membership: Membership;
  clock: Clock;
  log: Logger;
}

const ROWS_A_PAGE = 1_000;
/** When another member leads: how soon we follow it. */
const FOLLOW_MS = 500;
/** While announcements are heard, in case one was lost with its producer; and while they are not. */
const SAFETY_POLL_MS = 1_000;
const POLL_MS = 200;
/** How often a cursor follows an outbox in which nothing concerns the group. */
const PASS_MS = 30_000;

/** A group's member in this process, on the embedded bus: one loop for each outbox that it reads. */
export class EmbeddedGroup implements Subscription {
  private readonly stopping = new AbortController();
  private running: Promise<unknown> | undefined;
  private found: Quarantine | undefined;
  private failures = 0;
  private readonly behind = new Map<string, number>();

  constructor(private readonly options: EmbeddedGroupOptions) {}

  start(): void {
    this.running ??= Promise.all(
      this.options.sources.map(({ source, topics }) => this.follow(source, topics)),
    );
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  state(): GroupState {
    const { consumer } = this.options.sink;
    const lag = [...this.behind.values()].reduce((sum, rows) => sum + rows, 0);
    const caughtUp = lag === 0 && this.behind.size === this.options.sources.length;
    const common = { consumer, lag, caughtUp };
    if (this.found) return { ...common, state: 'quarantined', quarantine: this.found };
    if (this.running === undefined || this.stopping.signal.aborted) return { ...common, state: 'stopped' };
    return { ...common, state: this.failures > 0 ? 'retrying' : 'running' };
  }

  private async follow(source: OutboxSource, topics: string[]): Promise<void> {
    const { sink, membership, clock, log } = this.options;
    const { signal } = this.stopping;
    const name = `${sink.consumer} ${source.producer}`;
    while (!signal.aborted && !this.found) {
      let pause = 0;
      try {
        if (await membership.lead(name)) await this.read(source, topics, name);
        else pause = FOLLOW_MS;
      } catch (error) {
        // Another member was faster, or somebody moved the cursor: read on from where it is.
        if (isDomainError(error, CURSOR_MOVED)) continue;
        this.failures += 1;
        pause = backoffMs(this.failures);
        retried.add(1, { consumer: sink.consumer });
        log.warn('events put off', { consumer: sink.consumer, tries: this.failures, error });
      }
      if (pause > 0) await clock.wait(pause, signal).catch(() => undefined);
    }
    await membership.giveUp(name);
  }

  private async read(source: OutboxSource, topics: string[], name: string): Promise<void> {
    const { sink, membership, clock } = this.options;
    const { signal } = this.stopping;
    const stream = streamOf(source.producer);
    const cursors = await sink.cursors([{ stream, beginning: BEGINNING }]);
    const cursor = cursors.get(streamKey(stream)) ?? { position: BEGINNING };
    const quarantine = await source.assess(stream, cursor);
    if (quarantine) {
      this.found = quarantine;
      sink.quarantined(quarantine);
      return;
    }
    let saved = cursor.position;
    let savedAt = clock.monotonicMs();
    let position = parsePosition(saved);
    const bell = new Bell(clock);
    const unring = source.ring(bell);
    try {
      while (!signal.aborted) {
        if (!membership.holds(name)) throw new DomainError('BUS_LEAD_LOST', 'unavailable');
        const page = await source.read(position, ROWS_A_PAGE, topics);
        if (page.rows.length > 0) {
          this.behind.set(source.producer, behindOf(page));
          const deliveries = deliveriesOf(
            stream,
            source.producer,
            saved,
            position,
            page,
            cursor.replayEnd?.at,
          );
          await sink.take(deliveries, (_, reached) => (saved = reached), signal);
          this.failures = 0;
          if (signal.aborted) return;
          savedAt = clock.monotonicMs();
        } else if (clock.monotonicMs() - savedAt > PASS_MS) {
          const reached = formatPosition(page.next);
          if (reached !== saved) await sink.pass(stream, saved, reached);
          saved = reached;
          savedAt = clock.monotonicMs();
        }
        position = page.next;
        this.behind.set(source.producer, beyond(page));
        if (page.next.walk === undefined) await bell.heard(source.hears ? SAFETY_POLL_MS : POLL_MS, signal);
      }
    } finally {
      unring();
    }
  }
}

export function streamOf(producer: string): Stream {
  return { topic: `outbox.${producer}`, partition: 0 };
}

/** Each row's position is the walk up to it; the last one's is where the page ends. */
function deliveriesOf(
  stream: Stream,
  producer: string,
  saved: string,
  position: OutboxPosition,
  { rows, next, target }: OutboxPage,
  replayEnd: Date | undefined,
): Delivery[] {
  const until = position.walk?.until ?? next.walk?.until ?? rows.at(-1)?.seq ?? 0n;
  let from = saved;
  return rows.map((row, index) => {
    const to =
      index === rows.length - 1
        ? formatPosition(next)
        : formatPosition({ snapshot: position.snapshot, walk: { target, seq: row.seq, until } });
    const delivery: Delivery = {
      stream,
      from,
      to,
      origin: { topic: row.topic, partition: row.shard, offset: row.seq.toString() },
      key: row.key,
      headers: headersOf(row, producer),
      payload: row.payload,
      // A database that went back takes its cursors with it, and nobody outside knows better than who restored it.
      replayed: replayEnd !== undefined && row.occurredAt <= replayEnd,
    };
    from = to;
    return delivery;
  });
}

function behindOf(page: OutboxPage): number {
  return page.rows.length + beyond(page);
}

/** What is known to lie beyond a page. */
function beyond({ next }: OutboxPage): number {
  return next.walk === undefined ? 0 : Number(next.walk.until - next.walk.seq);
}
