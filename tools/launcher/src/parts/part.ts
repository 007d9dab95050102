/**
 * A part is what the six services need from outside: a database, a bus, a mail server. Whichever way it was
 * got, the rest of the launcher sees the same shape.
 */
export interface Part {
  /** How it was got: 'given' by the environment, or 'embedded', 'maven', 'container', 'path', 'pip', 'local', 'off'. */
  kind: string;
  version: string;
  /** What was taken and why, in one sentence. */
  note: string;
  /** What to do for the next better one; absent when this is the best. */
  better?: string;
  dataDir?: string;
  logFile?: string;
  pid?: number;
  stop(): Promise<void>;
}

/** One line to the human who watches. */
export type Say = (line: string) => void;

export const nothingToStop = (): Promise<void> => Promise.resolve();
