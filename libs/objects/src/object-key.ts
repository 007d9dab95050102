import { invalidArgument } from '@heed/kernel';

const LONGEST = 512;
const SEGMENT = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/**
 * Refuses a key that could mean anything else somewhere: segments of letters, digits, dot, dash and underscore that
 * begin with a letter or digit. That excludes `..`, empty segments, absolute paths, back-slashes and hidden files.
 */
export function demandKey(key: string): void {
  if (key.length === 0 || key.length > LONGEST || !key.split('/').every((segment) => SEGMENT.test(segment))) {
    throw invalidArgument({ field: 'key', reason: 'OBJECT_KEY_INVALID' });
  }
}

/** A prefix ends where a segment ends, so that one tenant's id cannot begin another's. */
export function demandPrefix(prefix: string): void {
  if (prefix === '') return;
  if (!prefix.endsWith('/')) throw invalidArgument({ field: 'prefix', reason: 'OBJECT_PREFIX_INVALID' });
  demandKey(prefix.slice(0, -1));
}
