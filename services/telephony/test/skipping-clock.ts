import { systemClock, type Clock } from '@heed/kernel';

/** The system's clock, which a spec may put forward: nobody has to wait for patience to end. */
export class SkippingClock implements Clock {
  private skipped = 0;
  private idled = 0;

  skip(ms: number): void {
    this.skipped += ms;
  }

  /** Puts forward only the clock that patience is measured by: claims on work go by the other and stay alive. */
  idle(ms: number): void {
    this.idled += ms;
  }

  now(): Date {
    return new Date(systemClock.now().getTime() + this.skipped);
  }

  monotonicMs(): number {
    return systemClock.monotonicMs() + this.skipped + this.idled;
  }

  bootMs(): number {
    return systemClock.bootMs() + this.skipped;
  }

  wait(ms: number, signal?: AbortSignal): Promise<void> {
    return systemClock.wait(ms, signal);
  }
}
