export type CallState = 'queued' | 'deferred' | 'armed' | 'ringing' | 'answered' | 'ended';
export type Outcome = 'sent' | 'skipped' | 'failed' | 'unknown';

/** Who ended a conversation. `key`, `revocation`, `erasure`: we did, for the sake of the person in it. */
export type EndedBy = 'other_side' | 'key' | 'revocation' | 'erasure' | 'shutdown' | 'time_limit';

/** How a call ended. `reason` is a code; empty where it was answered. */
export interface CallEnd {
  outcome: Outcome;
  reason: string;
  /** How long people spoke. */
  durationMs: number;
  /** Of a conversation only. */
  endedBy?: EndedBy;
}

export const answered = (durationMs: number, endedBy: EndedBy): CallEnd => ({
  outcome: 'sent',
  reason: '',
  durationMs,
  endedBy,
});
export const skipped = (reason: string): CallEnd => ({ outcome: 'skipped', reason, durationMs: 0 });
export const failed = (reason: string): CallEnd => ({ outcome: 'failed', reason, durationMs: 0 });
export const unknown = (reason: string): CallEnd => ({ outcome: 'unknown', reason, durationMs: 0 });

/** Nobody can tell, because the database that knew was lost. While it catches up it has told nobody yet. */
export const RESTORED = 'restored';
export const RESTORING = 'restoring';
