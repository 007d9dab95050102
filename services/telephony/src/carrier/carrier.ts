/** Injection token of the carrier. */
export const CARRIER = Symbol('Carrier');

export interface OutgoingCall {
  /** Ours; the carrier takes the same id for the same call, however often it hears of it. */
  callId: string;
  /** Number to call, in E.164. */
  to: string;
  /** Number to show. */
  from: string;
  /** What is said first. */
  script: string;
}

/** What is asked and told where a call can no longer be taken back: the request's last byte (docs/starts.md). */
export interface PlaceGuard {
  /** Adjoins the write. False: not a byte of it is written. */
  mayBegin(): boolean;
  /** The request has left this process. */
  begun(): void;
}

/** What became of asking for a call. */
export type Placed =
  | { kind: 'placed' }
  /** The guard said no. */
  | { kind: 'withheld' }
  /** The carrier does not take it, or was never reached. */
  | { kind: 'refused'; reason: string }
  /** The request was written and not answered as agreed: only the carrier can tell whether it has the call. */
  | { kind: 'doubtful' };

export type EndReason = 'completed' | 'hung-up' | 'cancelled' | 'busy' | 'no-answer' | 'failed';

/** A call as the carrier sees it. Its times are its own and are never compared with ours. */
export interface CarrierCall {
  state: 'ringing' | 'answered' | 'ended';
  endReason?: EndReason;
  answeredAt?: Date;
  endedAt?: Date;
  hasRecording: boolean;
}

/**
 * Whoever makes phones ring. Everything but `place` may be repeated, and throws CARRIER_UNAVAILABLE where the carrier
 * does not answer; undefined where it does not know the call.
 */
export interface Carrier {
  place(call: OutgoingCall, guard: PlaceGuard): Promise<Placed>;
  state(callId: string): Promise<CarrierCall | undefined>;
  /** Stops the ringing or ends the conversation; nothing happens to a call that has ended. */
  hangUp(callId: string): Promise<CarrierCall | undefined>;
  /** The WAV file. */
  recording(callId: string, largest: number): Promise<Buffer | 'too-large' | undefined>;
  deleteRecording(callId: string): Promise<void>;
}
