import { type Language } from '../speech/languages.js';
import { type HeardWords } from '../speech/listening.js';
import { type SpokenText } from '../speech/speech-synthesizer.js';

/** Injection token of the carrier. */
export const CARRIER = Symbol('Carrier');

export interface OutgoingCall {
  /** Ours; the carrier takes the same id for the same call, however often it hears of it. */
  callId: string;
  /** Number to call, in E.164. */
  to: string;
  /** Number to show. */
  from: string;
  /** What is said first, by a carrier that speaks itself. */
  script: string;
  /** What is said first by a voice of ours, where the carrier carries sound and speaks nothing. */
  spoken?: SpokenText;
  /** Where what the person says is to go, if it is kept: for a carrier that hears it here. */
  keep?: AudioKeeper;
}

/** Takes what is said, in order: 16 bit PCM of 8 kHz, mono. */
export interface AudioKeeper {
  write(samples: Buffer): void;
  /** Nothing more comes. Resolves once all of it is kept, or lost; false where nothing is kept. */
  end(): Promise<boolean>;
}

/** What is asked and told where a call can no longer be taken back (docs/starts.md). */
export interface PlaceGuard {
  /** Adjoins the first write. False: not a byte of it is written. */
  mayBegin(): boolean;
  /** Adjoins a further write of the same attempt, where the carrier took the first one for nothing and asked for more. */
  mayRepeat(): boolean;
  /** A request has left this process. */
  begun(): void;
  /** Aborted once the person was heard: nothing of it is written again, and a phone that rings is to stop. */
  voided?: AbortSignal;
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

export type EndReason =
  | 'completed'
  | 'hung-up'
  | 'cancelled'
  | 'busy'
  | 'no-answer'
  | 'declined'
  /** The person answered that they do not want to be called: more than a no to this call. */
  | 'unwanted'
  /** A network or a program on the way refused it: the person never heard of it, and said nothing. */
  | 'blocked'
  /** No such number. */
  | 'invalid'
  | 'failed'
  /** The carrier never said a word: nobody can tell whether a phone rang. */
  | 'silent';

/** What is said last. `done`: what they asked for. `apology`: they are not to be called, and we are in the middle of it. */
export type Parting = 'done' | 'apology';

/** A call as the carrier sees it. Its times are its own and are never compared with ours. */
export interface CarrierCall {
  state: 'ringing' | 'answered' | 'ended';
  endReason?: EndReason;
  answeredAt?: Date;
  endedAt?: Date;
  hasRecording: boolean;
  /** When the person had been told that they are recorded; nothing of what they said before is kept. */
  announcedAt?: Date;
  /** Keys that the person has pressed since it was answered, in order. */
  keys?: string;
  /** What they said in words that means no, or may. */
  words?: readonly HeardWords[];
}

/**
 * Whoever makes phones ring. Everything but `place` may be repeated, and throws CARRIER_UNAVAILABLE where the carrier
 * does not answer; undefined where it does not know the call.
 */
export interface Carrier {
  place(call: OutgoingCall, guard: PlaceGuard): Promise<Placed>;
  state(callId: string): Promise<CarrierCall | undefined>;
  /**
   * Stops the ringing or ends the conversation; nothing happens to a call that has ended. `saying`: whoever is still in it
   * hears that first, where the carrier can say something. Asked again without it, it ends at once.
   */
  hangUp(callId: string, how?: { saying: Parting }): Promise<CarrierCall | undefined>;
  /** The WAV file. */
  recording(callId: string, largest: number): Promise<Buffer | 'too-large' | undefined>;
  deleteRecording(callId: string): Promise<void>;
  /** Aborted at the next change of a call, where the carrier tells: nobody has to ask again and again. */
  changed?(callId: string): AbortSignal | undefined;
  /** Whether a script in this language can be said; absent of a carrier that speaks itself. */
  speaks?(language: Language): boolean;
  /** Its calls run in this process and end with it: nobody else can go on with them. */
  readonly isHere?: boolean;
  /** Ends its calls and gives back what it holds. */
  close?(): Promise<void>;
}
