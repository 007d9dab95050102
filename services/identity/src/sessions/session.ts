/** From a sign-in to a sign-out, an expiry, or the reuse of a refresh token. */
export interface Session {
  sessionId: string;
  memberId: string;
  endedAt: Date | null;
}

/** One of the refresh tokens that a session was given; the last one counts. */
export interface RefreshToken {
  sessionId: string;
  memberId: string;
  expiresAt: Date;
  usedAt: Date | null;
}

/** How long somebody stays signed in without coming back. */
export const REFRESH_LIFETIME_MS = 30 * 24 * 3_600_000;

/**
 * What follows from a refresh token that is shown.
 * SPEC: RFC 9700, 4.14.2: a token that was used before is in two hands, and nobody can tell which is the thief's: the
 * session ends for both.
 */
export function verdictOn(
  token: RefreshToken | undefined,
  session: Session | undefined,
  at: Date,
): 'rotate' | 'end' | 'refuse' {
  if (!token || !session || session.endedAt !== null) return 'refuse';
  if (at.getTime() >= token.expiresAt.getTime()) return 'refuse';
  return token.usedAt === null ? 'rotate' : 'end';
}
