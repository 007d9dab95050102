import { type Heartbeat } from './sender.store.js';

/** A sender that has not shown itself for this long, by the watcher's own clock, is no more. */
export const SILENCE_MS = 10_000;

/**
 * Sees who is silent by comparing counts, never times: clocks of two machines differ. A watcher that has just started
 * therefore waits as long as everybody else.
 */
export class SilenceWatch {
  private seen = new Map<string, { beats: bigint; sinceMs: number }>();

  /** Those whose count has stood still for too long. */
  observe(heartbeats: readonly Heartbeat[], nowMs: number): Heartbeat[] {
    const seen = new Map<string, { beats: bigint; sinceMs: number }>();
    for (const { senderId, beats } of heartbeats) {
      const before = this.seen.get(senderId);
      seen.set(senderId, before?.beats === beats ? before : { beats, sinceMs: nowMs });
    }
    this.seen = seen;
    return heartbeats.filter(({ senderId }) => nowMs - seen.get(senderId)!.sinceMs >= SILENCE_MS);
  }
}
