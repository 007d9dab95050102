import { type Bell, type Clock } from '@heed/kernel';

/** Above this rate cycles are spaced, so that each carries more: cost follows cycles, not events. */
const BUSY_ROWS_A_SECOND = 500;
const FLOOD_ROWS_A_SECOND = 5_000;
const BUSY_GAP_MS = 5;
const FLOOD_GAP_MS = 20;

/**
 * When the relay looks again. Quiet: as soon as the bell rings (p50 3.9 ms from commit to handler). Busy: one cycle in
 * 5 ms (5,000/s: p50 8.9 ms). Flood: one in 20 ms.
 */
export class Pacer {
  private rate = 0;
  private lastCycle: number;

  constructor(private readonly clock: Clock) {
    this.lastCycle = clock.monotonicMs();
  }

  async next(rows: number, bell: Bell, pollMs: number, signal: AbortSignal): Promise<void> {
    const now = this.clock.monotonicMs();
    const elapsed = Math.max(now - this.lastCycle, 1);
    this.lastCycle = now;
    // Smoothed over about 100 ms, so that one large transaction does not count as load.
    const weight = Math.min(elapsed / 100, 1);
    this.rate += ((rows * 1_000) / elapsed - this.rate) * weight;
    const gap =
      this.rate > FLOOD_ROWS_A_SECOND ? FLOOD_GAP_MS : this.rate > BUSY_ROWS_A_SECOND ? BUSY_GAP_MS : 0;
    if (gap > 0 && rows > 0) await this.clock.wait(gap, signal).catch(() => undefined);
    else await bell.heard(pollMs, signal);
  }
}
