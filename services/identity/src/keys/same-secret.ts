import { timingSafeEqual } from 'node:crypto';
import { sha256 } from '@heed/kernel';

/** Compares in a time that tells nothing of the secret, its length included. */
export function sameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(sha256(Buffer.from(given)), sha256(Buffer.from(expected)));
}
