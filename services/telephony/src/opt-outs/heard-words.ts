import { type HeardWords } from '../speech/listening.js';

/** What the seal binds, as an access request opens it. */
export const placeOfWords = (heardId: string) => ({ table: 'heard_opt_out', row: heardId, column: 'words' });

/** What was understood of words, as it lies sealed. */
export interface WordsAsHeard {
  /** One for each time that it was tried to understand them: alike where it is sure. */
  readings: string[];
  /** Of the call, when they began. */
  atMs: number;
}

export function written({ readings, atMs }: HeardWords): Buffer {
  return Buffer.from(JSON.stringify({ readings, atMs } satisfies WordsAsHeard));
}

export function read(opened: Buffer): WordsAsHeard {
  return JSON.parse(opened.toString('utf8')) as WordsAsHeard;
}
