import { extname } from 'node:path';
import { parentPort } from 'node:worker_threads';
import type * as Dkim from './dkim.js';

/** What is to be signed: each of the messages with all of the keys. */
export interface ToSign {
  id: number;
  keys: readonly Dkim.DkimKey[];
  messages: readonly Uint8Array[];
  at: number;
  /** What all of them end with: shared, not copied. */
  tail: Uint8Array | undefined;
}

export interface Signed {
  id: number;
  /** In order of the messages; undefined where it failed. */
  headers: string[] | undefined;
}

// Beside this file, by the name that it has where this one runs: from source in specs, else compiled.
const { dkimHeaders } = (await import(`./dkim${extname(import.meta.url)}`)) as typeof Dkim;

parentPort!.on('message', ({ id, keys, messages, at, tail }: ToSign) => {
  let headers: string[] | undefined;
  try {
    headers = messages.map((message) => dkimHeaders(message, keys, at, tail));
  } catch {
    headers = undefined;
  }
  parentPort!.postMessage({ id, headers } satisfies Signed);
});
