export type CallState = 'queued' | 'deferred' | 'armed' | 'ringing' | 'answered' | 'ended';
export type Outcome = 'sent' | 'skipped' | 'failed' | 'unknown';

/** How a call ended. `reason` is a code; empty where it was answered. */
export interface CallEnd {
  outcome: Outcome;
  reason: string;
  /** How long people spoke. */
  durationMs: number;
}

export const answered = (durationMs: number): CallEnd => ({ outcome: 'sent', reason: '', durationMs });
export const skipped = (reason: string): CallEnd => ({ outcome: 'skipped', reason, durationMs: 0 });
export const failed = (reason: string): CallEnd => ({ outcome: 'failed', reason, durationMs: 0 });
export const unknown = (reason: string): CallEnd => ({ outcome: 'unknown', reason, durationMs: 0 });
