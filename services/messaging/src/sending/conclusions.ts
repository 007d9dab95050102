import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '@heed/kernel';
import { type Tx, UnitOfWork } from '@heed/postgres';
import { logger, withCausedSpan } from '@heed/telemetry';
import { HearReports } from '../bounces/hear-reports.js';
import { AnnounceConclusions } from '../dispatch/announce-conclusions.js';
import { InHandStore } from './in-hand.store.js';
import { MessageStore } from './message.store.js';
import { pauseAfter, type Next } from './outcome.js';
import { SendingSteps } from './sending-steps.js';

export interface Settled {
  tenantId: string;
  senderId: string;
  attemptId: string;
  next: Next;
  traceparent: string | undefined;
}

interface Waiting extends Settled {
  done(): void;
}

/**
 * What ends within this time is committed together, told in one record batch and counted in one transaction of
 * campaigns: at 500 a second two dozen. It is also by how much more a crash turns into `unknown`.
 */
const GATHER_MS = 50;
const MOST_AT_ONCE = 500;

const log = logger({ component: 'conclusions' });

/** Writes down how attempts ended, and tells campaigns in the same transaction. Nothing given to it is ever dropped. */
@Injectable()
export class Conclusions {
  private waiting: Waiting[] = [];
  private writing: Promise<void> | undefined;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly attempts: InHandStore,
    private readonly messages: MessageStore,
    private readonly announce: AnnounceConclusions,
    private readonly reports: HearReports,
    private readonly steps: SendingSteps,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Resolves once it is committed, or once it is known that somebody else has concluded the attempt. */
  add(settled: Settled): Promise<void> {
    return new Promise((done) => {
      this.waiting.push({ ...settled, done });
      this.writing ??= this.write();
    });
  }

  /** How many are not committed yet: what a crash now would turn into `unknown`. */
  get pending(): number {
    return this.waiting.length;
  }

  private async write(): Promise<void> {
    for (let failures = 0; this.waiting.length > 0;) {
      await this.clock.wait(failures === 0 ? GATHER_MS : pauseAfter(failures));
      const batch = this.nextBatch();
      try {
        await this.commit(batch);
        failures = 0;
      } catch (error) {
        failures += 1;
        log.error('conclusions could not be written, they are tried again', { error, count: batch.length });
        this.waiting = [...batch, ...this.waiting];
      }
    }
    this.writing = undefined;
  }

  /** Of one tenant and one sender, oldest first. */
  private nextBatch(): Waiting[] {
    const { tenantId, senderId } = this.waiting[0]!;
    const batch: Waiting[] = [];
    const rest: Waiting[] = [];
    for (const item of this.waiting) {
      const fits = item.tenantId === tenantId && item.senderId === senderId && batch.length < MOST_AT_ONCE;
      (fits ? batch : rest).push(item);
    }
    this.waiting = rest;
    return batch;
  }

  private async commit(batch: Waiting[]): Promise<void> {
    const { tenantId, senderId } = batch[0]!;
    const causes = batch.map(({ traceparent }) => traceparent);
    await withCausedSpan(causes, 'message.conclude', { tenantId, count: batch.length }, () =>
      this.uow.run(tenantId, (tx) => this.apply(tx, senderId, batch)),
    );
    await this.steps.reached(
      'concluded',
      batch.map(({ attemptId }) => attemptId),
    );
    for (const { done } of batch) done();
  }

  private async apply(tx: Tx, senderId: string, batch: readonly Settled[]): Promise<void> {
    const at = this.clock.now();
    const ends = batch.flatMap(({ attemptId, next }) => ('end' in next ? [{ attemptId, ...next.end }] : []));
    const again = batch.flatMap(({ attemptId, next }) =>
      'again' in next
        ? [{ attemptId, nextAt: next.again, lateMs: next.lateMs, uncounted: next.uncounted }]
        : [],
    );
    if (ends.length > 0) {
      const concluded = await this.attempts.conclude(tx, senderId, ends, at);
      await this.announce.of(tx, concluded, at);
      await this.hearBounces(tx, batch, new Set(concluded.map(({ attemptId }) => attemptId)), at);
    }
    if (again.length > 0) await this.attempts.giveBack(tx, senderId, again);
    const deferrals = batch.flatMap(({ attemptId, next }) =>
      'until' in next ? [{ attemptId, ...next }] : [],
    );
    if (deferrals.length > 0) {
      await this.announce.deferrals(tx, await this.attempts.defer(tx, senderId, deferrals), at);
    }
    const unsent = [...ends.filter(({ outcome }) => outcome === 'skipped'), ...again, ...deferrals];
    if (unsent.length > 0) {
      await this.messages.discard(
        tx,
        unsent.map(({ attemptId }) => attemptId),
      );
    }
  }

  /** Of those whose end is ours to tell: what the mail server said of their address, in the dialogue itself. */
  private async hearBounces(
    tx: Tx,
    batch: readonly Settled[],
    concluded: ReadonlySet<string>,
    at: Date,
  ): Promise<void> {
    for (const { attemptId, next } of batch) {
      if (!('end' in next) || !next.bounce || !concluded.has(attemptId)) continue;
      await this.reports.hear(tx, { attemptId, ...next.bounce }, at);
    }
  }
}
