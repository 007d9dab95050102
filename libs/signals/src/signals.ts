export type Unsubscribe = () => void;

/** What a signal may carry: small, ids and hashes only; it is neither stored nor delivered for sure. */
export type SignalData = Record<string, string | number | boolean | undefined>;

/**
 * Lossy hints that make a fact that is already committed known everywhere in milliseconds. No correctness rests on
 * them: whoever hears nothing finds out by itself, later. An injection token, hence a class.
 */
export abstract class Signals {
  /** Never throws and never waits. What cannot be sent now is not sent. */
  abstract publish(subject: string, data: SignalData): void;

  /** `*` stands for one part of the subject. What the handler throws is logged. */
  abstract subscribe(subject: string, handler: (data: SignalData, subject: string) => void): Unsubscribe;

  /** Whether a signal of this process went out and came back within the last second or so. */
  abstract fresh(): boolean;

  /** Resolves when signals flow for the first time; at once where they are off. */
  abstract ready(): Promise<void>;

  abstract close(): Promise<void>;
}

/** Signals where there is no server for them: nothing is sent, nothing comes, and nobody is told otherwise. */
export class SignalsOff extends Signals {
  publish(): void {
    return;
  }

  subscribe(): Unsubscribe {
    return () => undefined;
  }

  fresh(): boolean {
    return false;
  }

  ready(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
