const LIFETIME_MS = 3_600_000;

/** The right to set another password, once. */
export interface PasswordReset {
  memberId: string;
  expiresAt: Date;
  usedAt: Date | null;
}

export function resetExpiry(madeAt: Date): Date {
  return new Date(madeAt.getTime() + LIFETIME_MS);
}

/** Why it cannot be used; undefined where it can. */
export function resetFault(
  reset: PasswordReset | undefined,
  at: Date,
): 'RESET_INVALID' | 'RESET_USED' | undefined {
  if (!reset) return 'RESET_INVALID';
  if (reset.usedAt !== null) return 'RESET_USED';
  return at < reset.expiresAt ? undefined : 'RESET_INVALID';
}
