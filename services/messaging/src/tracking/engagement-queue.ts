import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Bell, CLOCK, type Clock } from '@heed/kernel';
import { logger, metrics } from '@heed/telemetry';
import { type Seen } from './engagement.js';
import { RecordEngagements } from './record-engagements.js';

/** What was seen is written down this much later, together with what came meanwhile. */
const WRITE_MS = 250;
/** Longest pause while contacts or the database is away. */
const LONGEST_PAUSE_MS = 10_000;
const AT_ONCE = 500;
/** Held in memory. What comes on top is lost, and counted. */
const MOST_HELD = 20_000;
/** What could not be written down for so long is given up. */
const LONGEST_WAIT_MS = 600_000;
/** Of one message, waiting to be written down: a machine that fetches for ever does not push the others out. */
const MOST_OF_ONE = 40;

const log = logger({ component: 'tracking' });
const lost = metrics.counter('heed_engagements_lost_total', {
  description: 'Opens and clicks that there was no room for, or that were held when the process ended',
});

/**
 * Between the edge and the database: a person who follows a link does not wait for a commit. What stands here lives in
 * memory alone: a process that is killed loses the last quarter of a second, and whatever it held while contacts or the
 * database was away. Of all that Heed keeps it is the least: to lose an open does no harm to anybody.
 */
@Injectable()
export class EngagementQueue implements OnModuleDestroy {
  private held: Seen[] = [];
  private readonly waiting = new Map<string, number>();
  private readonly stopping = new AbortController();
  private readonly bell: Bell;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly recording: RecordEngagements,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.bell = new Bell(clock);
  }

  start(): void {
    this.running = this.run();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    this.bell.ring();
    await this.running;
    await this.write().catch((error: unknown) => log.warn('opens and clicks not written down', { error }));
    lost.add(this.held.length, { reason: 'ended' });
  }

  add(seen: Seen): void {
    const ofThis = this.waiting.get(seen.attemptId) ?? 0;
    if (this.held.length >= MOST_HELD || (ofThis >= MOST_OF_ONE && seen.kind !== 'trap')) {
      lost.add(1, { reason: 'full' });
      return;
    }
    this.waiting.set(seen.attemptId, ofThis + 1);
    this.held.push(seen);
    this.bell.ring();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    let pause = WRITE_MS;
    while (!signal.aborted) {
      await this.bell.heard(LONGEST_PAUSE_MS, signal);
      await this.clock.wait(pause, signal).catch(() => undefined);
      if (signal.aborted) return;
      try {
        await this.write();
        pause = WRITE_MS;
      } catch (error) {
        log.warn('opens and clicks could not be written down yet', { error, count: this.held.length });
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
        this.bell.ring();
      }
    }
  }

  private async write(): Promise<void> {
    const oldest = this.clock.now().getTime() - LONGEST_WAIT_MS;
    const stale = this.held.filter(({ at }) => at.getTime() < oldest);
    lost.add(stale.length, { reason: 'waited' });
    this.drop(stale);
    while (this.held.length > 0) {
      const [{ tenantId }] = this.held as [Seen];
      const batch = this.held.filter((seen) => seen.tenantId === tenantId).slice(0, AT_ONCE);
      await this.recording.record(tenantId, batch);
      this.drop(batch);
    }
  }

  private drop(batch: readonly Seen[]): void {
    const dropped = new Set(batch);
    this.held = this.held.filter((seen) => !dropped.has(seen));
    for (const { attemptId } of batch) {
      const left = this.waiting.get(attemptId)! - 1;
      if (left > 0) this.waiting.set(attemptId, left);
      else this.waiting.delete(attemptId);
    }
  }
}
