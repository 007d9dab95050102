import { type Clock } from './clock.js';

/** Given as the reason: without one, Node makes a DOMException with its stack for each ring. */
const HEARD = new Error('heard');

/** Rung any number of times, heard once: work that was announced twice is looked for once. */
export class Bell {
  private rung = false;
  private wake: (() => void) | undefined;

  constructor(private readonly clock: Clock) {}

  ring(): void {
    this.rung = true;
    this.wake?.();
  }

  /** Resolves when it rings, at once if it has rung since the last call, or after `ms`, or when `signal` aborts. */
  async heard(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.rung && !signal.aborted) {
      // Not AbortSignal.any: it would leave a trace in the long-lived signal five times a second.
      const enough = new AbortController();
      const stop = (): void => enough.abort(HEARD);
      signal.addEventListener('abort', stop, { once: true });
      this.wake = stop;
      await this.clock.wait(ms, enough.signal).catch(() => undefined);
      this.wake = undefined;
      signal.removeEventListener('abort', stop);
    }
    this.rung = false;
  }
}
