const FIRST_MS = 100;
const LONGEST_MS = 5_000;

/** How long to wait before the n-th retry (from 1): short at first, since most faults of the world pass at once. */
export function backoffMs(failures: number): number {
  return Math.min(FIRST_MS * 2 ** Math.min(failures - 1, 10), LONGEST_MS);
}
