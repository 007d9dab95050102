import { Inject, Injectable } from '@nestjs/common';
import { Bell, CLOCK, type Clock } from '@heed/kernel';
import { logger } from '@heed/telemetry';
import { ClaimWork } from './claim-work.js';
import { DeliverBatch } from './deliver-batch.js';
import { type Claimed } from './in-hand.store.js';
import { Incarnation } from './incarnation.js';
import { pauseAfter } from './outcome.js';
import { SlotPace } from './slot-pace.js';
import { Slots } from './slots.js';
import { WorkList } from './work-list.js';

/**
 * How long freed slots wait for others, so that they share a claim, a question and a commit: half of all slots at most
 * is a batch, so that one is under way while the next is being permitted. Waits while less than that is free.
 */
const GATHER_MS = 20;
/** How often the table is looked at where nobody rang. */
const LOOK_MS = 1_000;
/** How long a stop waits for what is in hand. */
const DRAIN_MS = 4_500;

const log = logger({ component: 'sender' });

/**
 * Keeps the slots busy: as soon as some are free it claims as many attempts and starts a batch, beside the batches that
 * are still under way. Nothing queues here; what cannot be sent now waits in the table.
 */
@Injectable()
export class Sender {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private readonly batches = new Set<Promise<void>>();
  private readonly bell: Bell;
  private failures = 0;

  constructor(
    private readonly incarnation: Incarnation,
    private readonly work: WorkList,
    private readonly slots: Slots,
    private readonly pace: SlotPace,
    private readonly claims: ClaimWork,
    private readonly deliverBatch: DeliverBatch,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.bell = new Bell(clock);
  }

  async start(): Promise<void> {
    this.work.onAdded(() => this.bell.ring());
    this.slots.onFreed(() => this.bell.ring());
    await this.incarnation.begin();
    this.running = this.run();
  }

  /** Claims nothing more, lets what is in hand come to its end, and goes. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    const giveUp = new AbortController();
    await Promise.race([
      Promise.all(this.batches),
      this.clock.wait(DRAIN_MS, giveUp.signal).catch(() => undefined),
    ]);
    giveUp.abort();
    this.slots.close();
    await this.incarnation.end(this.claims.emptyHanded);
  }

  private async run(): Promise<void> {
    let lookedAt = -Infinity;
    while (!this.stopping.signal.aborted) {
      try {
        if (this.clock.monotonicMs() - lookedAt >= LOOK_MS) {
          await this.claims.giveBackStrays(this.incarnation.senderId);
          await this.work.look();
          lookedAt = this.clock.monotonicMs();
        }
        await this.step();
      } catch (error) {
        this.failures += 1;
        log.warn('the sender could not go on, it tries again', { error });
      }
      if (this.failures > 0) await this.pause(pauseAfter(Math.min(this.failures, 6)));
    }
  }

  private async step(): Promise<void> {
    const turn = this.work.next();
    if (turn === undefined || this.slots.freeCount === 0) {
      return this.bell.heard(LOOK_MS, this.stopping.signal);
    }
    const half = Math.ceil(this.slots.count / 2);
    await this.untilFree(half);
    const { senderId } = this.incarnation;
    const most = Math.min(this.slots.freeCount, half) * this.pace.turns;
    const claimed = await this.claims.claim(turn.tenantId, senderId, most);
    if (claimed.length < most) this.work.exhausted(turn);
    if (claimed.length > 0) this.begin(turn.tenantId, senderId, claimed);
  }

  private begin(tenantId: string, senderId: string, claimed: readonly Claimed[]): void {
    const taken = this.slots.take(Math.min(claimed.length, Math.ceil(this.slots.count / 2)));
    const batch = this.deliverBatch.deliver({ tenantId, senderId, claimed }, taken).then((delivered) => {
      const { wentThrough, again } = delivered;
      this.failures = wentThrough ? 0 : this.failures + 1;
      if (again) this.ringAt(again, tenantId);
      this.claims.release(tenantId, claimed, !wentThrough);
      this.batches.delete(batch);
    });
    this.batches.add(batch);
  }

  private async untilFree(wanted: number): Promise<void> {
    const by = this.clock.monotonicMs() + GATHER_MS;
    while (this.slots.freeCount < wanted && !this.stopping.signal.aborted) {
      const left = by - this.clock.monotonicMs();
      if (left <= 0) return;
      await this.bell.heard(left, this.stopping.signal);
    }
  }

  private async pause(ms: number): Promise<void> {
    await this.clock.wait(ms, this.stopping.signal).catch(() => undefined);
  }

  /** Attempts that are due again soon; those that are due later are found by looking. */
  private ringAt(due: Date, tenantId: string): void {
    const ms = due.getTime() - this.clock.now().getTime();
    if (ms < LOOK_MS) void this.pause(ms).then(() => this.work.add(tenantId));
  }
}
