import { type Clock } from '@heed/kernel';
import { deferred, type Deferred } from './gate.js';

interface Waiter {
  due: number;
  order: number;
  done: Deferred<void>;
}

/** Time that a spec moves. Nothing passes by itself; whoever waits is woken in the order in which they are due. */
export class TestClock implements Clock {
  private wall: number;
  private monotonic = 1_000;
  private boot = 5_000;
  private waiters: Waiter[] = [];
  private arrivals: { count: number; done: Deferred<void> }[] = [];
  private orders = 0;

  constructor(start: Date | string = '2026-11-23T09:00:00Z') {
    this.wall = new Date(start).getTime();
  }

  now(): Date {
    return new Date(this.wall);
  }

  monotonicMs(): number {
    return this.monotonic;
  }

  bootMs(): number {
    return this.boot;
  }

  async wait(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const waiter: Waiter = { due: this.monotonic + Math.max(ms, 0), order: this.orders++, done: deferred() };
    const onAbort = (): void => {
      this.waiters = this.waiters.filter((other) => other !== waiter);
      waiter.done.reject(signal?.reason);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    this.waiters.push(waiter);
    this.arrivals = this.arrivals.filter(({ count, done }) => {
      if (this.waiters.length < count) return true;
      done.resolve();
      return false;
    });
    try {
      await waiter.done.promise;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Resolves when at least `count` wait: the code under test has come to its timer. */
  waiting(count = 1): Promise<void> {
    if (this.waiters.length >= count) return Promise.resolve();
    const done = deferred();
    this.arrivals.push({ count, done });
    return done.promise;
  }

  /** All three clocks go on by `ms`; waiters that become due wake one by one, each seeing the time it was due at. */
  async advance(ms: number): Promise<void> {
    const target = this.monotonic + ms;
    for (;;) {
      const next = this.waiters
        .filter((waiter) => waiter.due <= target)
        .sort((a, b) => a.due - b.due || a.order - b.order)[0];
      if (!next) break;
      this.move(Math.max(next.due - this.monotonic, 0));
      this.waiters = this.waiters.filter((waiter) => waiter !== next);
      next.done.resolve();
      // What it does next may be to wait again, within this very advance.
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.move(target - this.monotonic);
  }

  /** The machine slept: the monotonic clock stood still, the others did not. */
  suspend(ms: number): void {
    this.wall += ms;
    this.boot += ms;
  }

  /** Somebody set the wall clock. */
  jump(ms: number): void {
    this.wall += ms;
  }

  private move(ms: number): void {
    this.wall += ms;
    this.monotonic += ms;
    this.boot += ms;
  }
}
