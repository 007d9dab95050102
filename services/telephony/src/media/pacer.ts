/** How long a packet of sound lasts. */
export const FRAME_MS = 20;
/** Behind by more than this, what was missed is not made up for: it would come in a burst. */
const MOST_AT_ONCE = 5;

/** One timer for all calls of a process, which keeps their packets at the pace of speech. */
export class Pacer {
  private readonly ticks = new Set<() => void>();
  private timer: NodeJS.Timeout | undefined;
  private dueMs = 0;

  /** Calls it every 20 ms, until what is answered is called. */
  add(tick: () => void): () => void {
    this.ticks.add(tick);
    this.start();
    return () => {
      this.ticks.delete(tick);
      if (this.ticks.size === 0) this.stop();
    };
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private start(): void {
    if (this.timer) return;
    this.dueMs = performance.now() + FRAME_MS;
    this.timer = setInterval(() => this.catchUp(), FRAME_MS);
    this.timer.unref();
  }

  private catchUp(): void {
    const nowMs = performance.now();
    for (let count = 0; this.dueMs <= nowMs && count < MOST_AT_ONCE; count += 1) {
      this.dueMs += FRAME_MS;
      for (const tick of this.ticks) tick();
    }
    if (this.dueMs < nowMs) this.dueMs = nowMs;
  }
}
