import { DomainError } from '@heed/kernel';
import { type LogKey } from './checkpoint.js';

/** A key that signs checkpoints, by the leaf with which it entered the log. */
export interface LogSigner {
  vkey: string;
  addedIndex: number;
  follows: string | null;
}

/** Of a size: the checkpoint over the leaf that names a key is still signed by the key before it. */
export function signerOf(signers: readonly LogSigner[], size: number): string | undefined {
  const entered = signers.findLast(({ addedIndex }) => addedIndex + 1 < size);
  return (entered ?? signers[0])?.vkey;
}

/**
 * The sizes that are to be signed, up to this one. Where a key has entered, the size over its leaf is among them,
 * however many leaves came behind it: without the old key's last word nobody could follow to the new one.
 */
export function sizesDue(signers: readonly LogSigner[], signed: number | undefined, size: number): number[] {
  const between = signers
    .map(({ addedIndex }) => addedIndex + 1)
    .filter((over) => over > (signed ?? 0) && over < size);
  return signed === size ? between : [...between, size];
}

/** The keys that this process has: one, or, while the log changes its key, the next one too. */
export class LogKeyRing {
  constructor(
    readonly current: LogKey,
    readonly next?: LogKey,
  ) {}

  /** The same keys, as they sign for an origin of this name. */
  under(origin: string): LogKeyRing {
    return new LogKeyRing(this.current.under(origin), this.next?.under(origin));
  }

  holds(vkey: string | undefined): boolean {
    return vkey === undefined || [this.current, this.next].some((held) => held?.vkey === vkey);
  }

  of(vkey: string | undefined): LogKey {
    const key = [this.current, this.next].find((held) => held?.vkey === (vkey ?? this.current.vkey));
    if (key) return key;
    throw new DomainError('LOG_KEY_NOT_HELD', 'failed-precondition', {
      message:
        'The log is signed by another key than this one: put that in the place of HEED_LOG_KEY_FILE, or start anew ' +
        'where it was changed (heed keys rotate log)',
    });
  }
}
