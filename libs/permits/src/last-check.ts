import { metrics } from '@heed/telemetry';

/** A process that was stopped for longer between a check and its write holds an answer of another time. */
const LONGEST_GAP_MS = 200;

const gap = metrics.histogram('heed_permit_gap_ms', {
  description: 'From the check of a permit to the end of the write',
  unit: 'ms',
});

/**
 * The check at a point of no return, and the time from it to the end of its write. A process that stands still in
 * between (SIGSTOP, a paused machine) and sees it before it writes drops what it holds and asks again.
 */
export class LastCheck {
  private constructor(private readonly atMs: number) {}

  /** Undefined: it may not, or too much time went by since the answer. Nothing is to stand between this and the write. */
  static passed(may: () => boolean): LastCheck | undefined {
    const check = new LastCheck(performance.now());
    return may() && check.gapMs <= LONGEST_GAP_MS ? check : undefined;
  }

  written(channel: 'email' | 'voice'): void {
    gap.record(this.gapMs, { channel });
  }

  private get gapMs(): number {
    return performance.now() - this.atMs;
  }
}
