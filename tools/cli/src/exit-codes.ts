import { isDomainError } from '@heed/kernel';

/** What a script can tell from the end of a command. Listed in `heed --help`. */
export const EXIT = {
  OK: 0,
  /** The service refused, or a check found something. */
  REFUSED: 1,
  /** The command line is wrong. */
  USAGE: 2,
  /** No token, or one that is no longer good: `heed login`. */
  UNAUTHENTICATED: 3,
  /** A service or part does not answer. */
  UNREACHABLE: 4,
} as const;

export function exitCodeOf(error: unknown): number {
  if (!isDomainError(error)) return EXIT.REFUSED;
  if (error.kind === 'unauthenticated') return EXIT.UNAUTHENTICATED;
  if (error.kind === 'unavailable' || error.kind === 'deadline-exceeded') return EXIT.UNREACHABLE;
  if (error.kind === 'invalid-argument') return EXIT.USAGE;
  return EXIT.REFUSED;
}
