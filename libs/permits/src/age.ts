import { type Clock } from '@heed/kernel';

/**
 * How far the three clocks may differ about one stretch of time. /proc/uptime goes in steps of 10 ms and NTP slews by
 * 0.5 ms a second; more than this means that the machine slept, was moved, or that somebody set a clock.
 */
export const MOST_DISAGREEMENT_MS = 200;

/** One moment, by three clocks. Each fails differently, so that no single failure keeps a permit young. */
export interface Stamp {
  monotonicMs: number;
  wallMs: number;
  bootMs: number;
}

export function stampOf(clock: Clock): Stamp {
  return { monotonicMs: clock.monotonicMs(), wallMs: clock.now().getTime(), bootMs: clock.bootMs() };
}

export interface Elapsed {
  /** The largest that any clock says. ATTACKS 2.7: the monotonic clock stands still while a machine is suspended. */
  ms: number;
  /** False where one clock tells a different story than another. */
  agreed: boolean;
}

export function elapsed(from: Stamp, to: Stamp): Elapsed {
  const spans = [to.monotonicMs - from.monotonicMs, to.wallMs - from.wallMs, to.bootMs - from.bootMs];
  const ms = Math.max(...spans);
  return { ms, agreed: ms - Math.min(...spans) <= MOST_DISAGREEMENT_MS };
}
