/** Failures that nobody waits for; the fifth closes the account for a minute, each further one for twice as long. */
const FREE_FAILURES = 5;
const FIRST_MS = 60_000;
/** A locked account is a way to keep somebody out: it opens again within the hour. */
const LONGEST_MS = 3_600_000;

/** Until when no guess is looked at after this many failures in a row; undefined where the next may come at once. */
export function lockedUntil(failures: number, at: Date): Date | undefined {
  if (failures < FREE_FAILURES) return undefined;
  const ms = Math.min(FIRST_MS * 2 ** (failures - FREE_FAILURES), LONGEST_MS);
  return new Date(at.getTime() + ms);
}

export function isLocked(until: Date | null, at: Date): boolean {
  return until !== null && at.getTime() < until.getTime();
}
