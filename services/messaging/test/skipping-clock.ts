import { systemClock, type Clock } from '@heed/kernel';

/** The system's clock, which a spec may put forward: permits age, and nobody has to wait for it. */
export class SkippingClock implements Clock {
  private skipped = 0;
  private slept = 0;

  get aheadMs(): number {
    return this.skipped + this.slept;
  }

  skip(ms: number): void {
    this.skipped += ms;
  }

  /** The machine sleeps: the monotonic clock stands still. */
  suspend(ms: number): void {
    this.slept += ms;
  }

  now(): Date {
    return new Date(systemClock.now().getTime() + this.skipped + this.slept);
  }

  monotonicMs(): number {
    return systemClock.monotonicMs() + this.skipped;
  }

  bootMs(): number {
    return systemClock.bootMs() + this.skipped + this.slept;
  }

  wait(ms: number, signal?: AbortSignal): Promise<void> {
    return systemClock.wait(ms, signal);
  }
}
