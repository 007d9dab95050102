import { chunked, DomainError, isDomainError, type Clock } from '@heed/kernel';
import { type AcrossTx, type DatabaseRole, type Tx, type UnitOfWork } from '@heed/postgres';
import { withCausedSpan, type Logger } from '@heed/telemetry';
import {
  CURSOR_MOVED,
  streamKey,
  type Cursor,
  type DeadLetter,
  type Delivery,
  type Progress,
  type Quarantine,
  type Sink,
  type Stream,
} from './bus.js';
import {
  beginCursors,
  countRefused,
  lockParkedKeys,
  moveCursors,
  park,
  passCursor,
  readCursors,
  takeNew,
  type Parking,
} from './inbox.store.js';
import { idOf, keyOf, lettersOf, movesOf, sortBatch } from './inbox-batch.js';
import { readDelivery, type IncomingEvent, type Types } from './incoming-event.js';
import { handled, parked, quarantined, refused } from './measures.js';
import { judge, type Verdict } from './verdict.js';

export interface InboxOptions {
  consumer: string;
  topics: readonly string[];
  types: Types;
  acting: boolean;
  role: DatabaseRole;
  handle(tx: Tx, events: IncomingEvent<unknown>[]): Promise<void>;
  work: UnitOfWork;
  clock: Clock;
  log: Logger;
  announce(letters: DeadLetter[]): Promise<void>;
  onQuarantine(found: Quarantine): void;
  onWentBack?(stream: Stream): void;
  from?: Date;
}

/** Transactions that insert in bulk stay short, so that an eraser waits for none of them long. */
const EVENTS_A_TRANSACTION = 1_000;

/**
 * Takes events in: cursor, dedup and the handler's own work in one transaction, so that an event that is delivered any
 * number of times has effect once. Whole batches first; what cannot be handled in a batch is looked for by halves,
 * and ends parked, or refused by the fence, while everything around it goes on.
 */
export class Inbox implements Sink {
  readonly consumer: string;
  readonly topics: readonly string[];
  readonly acting: boolean;
  readonly from?: Date;

  constructor(private readonly options: InboxOptions) {
    this.consumer = options.consumer;
    this.topics = options.topics;
    this.acting = options.acting;
    this.from = options.from;
  }

  wentBack(stream: Stream): void {
    this.options.log.warn('consumer begins before where it had been', { consumer: this.consumer, ...stream });
    this.options.onWentBack?.(stream);
  }

  async cursors(streams: readonly { stream: Stream; beginning: string }[]): Promise<Map<string, Cursor>> {
    const { work, role, clock } = this.options;
    return work.runAcross(role, async (tx) => {
      const all = streams.map(({ stream }) => stream);
      const known = await readCursors(tx, this.consumer, all);
      const unknown = streams.filter(({ stream }) => !known.has(streamKey(stream)));
      if (unknown.length === 0) return known;
      await beginCursors(tx, this.consumer, unknown, clock.now());
      return readCursors(tx, this.consumer, all);
    });
  }

  async take(deliveries: readonly Delivery[], progress: Progress, signal?: AbortSignal): Promise<void> {
    for (const slice of chunked(deliveries, EVENTS_A_TRANSACTION)) {
      if (signal?.aborted) return;
      await this.settle(slice, progress);
    }
  }

  async pass(stream: Stream, from: string, to: string): Promise<void> {
    const { work, role, clock } = this.options;
    const moved = await work.runAcross(role, (tx) =>
      passCursor(tx, this.consumer, stream, from, to, clock.now()),
    );
    if (!moved) throw cursorMoved(this.consumer);
  }

  /** Nothing is read on, skipped or reset: somebody has to look. */
  quarantined(found: Quarantine): void {
    const { reason, stream } = found;
    quarantined.add(1, { consumer: this.consumer, reason });
    this.options.log.error('consumer in quarantine', { consumer: this.consumer, reason, ...stream });
    this.options.onQuarantine(found);
  }

  /** One transaction for all of it; where that fails for the events' own sake, one for each half, down to one event. */
  private async settle(slice: readonly Delivery[], progress: Progress): Promise<void> {
    try {
      await this.handleAll(slice);
    } catch (error) {
      if (isDomainError(error, CURSOR_MOVED)) throw error;
      const verdict = judge(error);
      const [first] = slice;
      if (verdict.kind === 'transient' || first === undefined) throw error;
      if (slice.length > 1) {
        const middle = Math.ceil(slice.length / 2);
        await this.settle(slice.slice(0, middle), progress);
        await this.settle(slice.slice(middle), progress);
        return;
      }
      if (verdict.kind === 'too-slow') throw error;
      await this.setAside(first, verdict, error);
    }
    for (const move of movesOf(slice)) progress(move.stream, move.to, move.eventId);
  }

  private async handleAll(slice: readonly Delivery[]): Promise<void> {
    const { work, role } = this.options;
    const outcome = await work.runAcross(role, async (tx) => {
      const { batches, parkings } = await this.takeIn(tx, slice);
      for (const events of batches) await this.handleTenant(tx, events);
      await park(tx, this.consumer, parkings, this.options.clock.now());
      return { count: batches.reduce((sum, events) => sum + events.length, 0), parkings };
    });
    if (outcome.count > 0) handled.add(outcome.count, { consumer: this.consumer });
    this.tell(outcome.parkings);
  }

  private async move(tx: AcrossTx, slice: readonly Delivery[]): Promise<void> {
    const at = this.options.clock.now();
    if (!(await moveCursors(tx, this.consumer, movesOf(slice), at))) throw cursorMoved(this.consumer);
  }

  /** The three statements travel together; where the cursors have moved, nothing of it stands. */
  private async takeIn(tx: AcrossTx, slice: readonly Delivery[]): Promise<ReturnType<typeof sortBatch>> {
    const { types, clock } = this.options;
    const read = slice
      .map((delivery) => ({ delivery, reading: readDelivery(delivery, types) }))
      .filter(({ reading }) => reading.kind !== 'foreign');
    const ids = read.flatMap(({ reading }) => idOf(reading) ?? []);
    const keys = read.map(({ delivery }) => keyOf(delivery));
    const [, unseen, standing] = await Promise.all([
      this.move(tx, slice),
      takeNew(tx, this.consumer, ids, clock.now()),
      lockParkedKeys(tx, this.consumer, keys),
    ]);
    return sortBatch(read, unseen, standing);
  }

  private async handleTenant(tx: AcrossTx, events: IncomingEvent<unknown>[]): Promise<void> {
    const [first] = events;
    if (first === undefined) return;
    const { tenantId } = first;
    const tenantTx = await tx.enterTenant(tenantId);
    await withCausedSpan(
      events.map((event) => event.traceparent),
      'inbox.handle',
      { consumer: this.consumer, tenantId, count: events.length },
      () => this.options.handle(tenantTx, events),
      { kind: 'consumer' },
    );
  }

  /** One event that cannot be handled, in a transaction without its handler: the rest of the log goes on. */
  private async setAside(
    delivery: Delivery,
    verdict: Extract<Verdict, { kind: 'refused' | 'poison' }>,
    error: unknown,
  ): Promise<void> {
    const { work, role, clock, log } = this.options;
    const at = clock.now();
    const eventId = idOf(readDelivery(delivery, this.options.types)) ?? null;
    if (verdict.kind === 'refused') {
      await work.runAcross(role, async (tx) => {
        await this.move(tx, [delivery]);
        await takeNew(tx, this.consumer, eventId === null ? [] : [eventId], at);
        await countRefused(tx, this.consumer, REFUSED_ERASED, at);
      });
      refused.add(1, { consumer: this.consumer });
      return;
    }
    const { reason, sqlstate } = verdict;
    const parking = { delivery, eventId, reason: codeOf(reason), sqlstate: sqlstate ?? null };
    await work.runAcross(role, async (tx) => {
      await this.move(tx, [delivery]);
      await takeNew(tx, this.consumer, eventId === null ? [] : [eventId], at);
      await park(tx, this.consumer, [parking], at);
    });
    log.error('event parked', {
      consumer: this.consumer,
      topic: delivery.origin.topic,
      reason: parking.reason,
      error,
    });
    this.tell([parking]);
  }

  private tell(parkings: readonly Parking[]): void {
    if (parkings.length === 0) return;
    parked.add(parkings.length, { consumer: this.consumer });
    const letters = lettersOf(this.consumer, parkings);
    if (letters.length > 0) void this.options.announce(letters);
  }
}

export const REFUSED_ERASED = 'refused_erased';

/** A reason is a code wherever it comes from. */
export function codeOf(reason: string): string {
  return /^[A-Z][A-Z0-9_]{0,63}$/.test(reason) ? reason : 'HANDLER_FAILED';
}

function cursorMoved(consumer: string): DomainError {
  return new DomainError(CURSOR_MOVED, 'aborted', { metadata: { consumer } });
}
