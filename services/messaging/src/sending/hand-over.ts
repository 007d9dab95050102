/** What is asked and told at the two points of no return of one message (docs/starts.md). */
export interface Guard {
  /** Adjoins the write of RCPT TO, where an attempt begins. False: not a byte of it is written. */
  mayBegin(): boolean;
  /** RCPT TO has left this process. */
  begun(): void;
  /** The message has left but for its end; may take its time to find out whether it may end. */
  beforeEnd(): Promise<void>;
  /** Adjoins the write of the final dot. False: the connection is destroyed without it, and the server has no message. */
  mayEnd(): boolean;
  /** The final dot has left this process. */
  ended(): void;
}

/** How far a message came before it was given up: before RCPT TO, before the final dot, or after it. */
export type Stage = 'not-begun' | 'begun' | 'ended';

/** What a refusal says of the address. */
export interface Bounce {
  delivery: 'hard_bounce' | 'soft_bounce' | 'blocked';
  code: string;
}

/** What became of handing one message over. */
export type HandOver =
  /** The server answered the final dot with 2xx: it has the message. */
  | { kind: 'accepted' }
  /** The server (or its rules for addresses and sizes) does not take it. */
  | { kind: 'refused'; reason: string; bounce?: Bounce }
  /** It takes no message now, and said so before it was named a recipient: nothing has begun. */
  | { kind: 'put-off'; reply: number }
  /** The guard said no. */
  | { kind: 'withheld'; stage: 'not-begun' | 'begun' }
  /** The connection broke. Only where the final dot had been written can nobody tell whether the server has it. */
  | { kind: 'lost'; stage: Stage };

/** A message in pieces that follow one another: what one person gets, and what all of a template have in common. */
export type Pieces = readonly Buffer[];

export interface Envelope {
  from: string;
  to: string;
}
