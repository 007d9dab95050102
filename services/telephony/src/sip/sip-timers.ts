/** The timers of RFC 3261, 17: all follow from an estimate of the round trip. A specification makes it small. */
export interface SipTimers {
  t1Ms: number;
  /** The longest pause between two tries of a request that is no INVITE. */
  t2Ms: number;
}

export const USUAL_TIMERS: SipTimers = { t1Ms: 500, t2Ms: 4_000 };

/** Timers B, F, H: whoever has not answered by then will not. */
export const patienceMs = ({ t1Ms }: SipTimers): number => 64 * t1Ms;

/** By the system's clock, as everything about a wire: the other side waits by its own. Answers how to stop waiting. */
export function after(ms: number, then: () => void): () => void {
  const timer = setTimeout(then, ms);
  timer.unref();
  return () => clearTimeout(timer);
}

/** Says it again with pauses that double, until it is stopped. */
export function repeating(firstMs: number, longestMs: number, again: () => void): () => void {
  let stop = (): void => undefined;
  let isStopped = false;
  const next = (ms: number): void => {
    stop = after(ms, () => {
      next(Math.min(ms * 2, longestMs));
      // After a pause of the process timers come before sockets: an answer that waits to be read is read first.
      setImmediate(() => isStopped || again());
    });
  };
  next(firstMs);
  return () => {
    isStopped = true;
    stop();
  };
}
