/** The right to set a password, once. */
export interface Invitation {
  memberId: string;
  expiresAt: Date;
  acceptedAt: Date | null;
}

const LIFETIME_MS = 7 * 24 * 3_600_000;

export function expiryOf(invitedAt: Date): Date {
  return new Date(invitedAt.getTime() + LIFETIME_MS);
}

/** Why an invitation cannot be accepted; undefined where it can. */
export function faultOf(
  invitation: Invitation | undefined,
  at: Date,
): 'INVITATION_INVALID' | 'INVITATION_USED' | 'INVITATION_EXPIRED' | undefined {
  if (!invitation) return 'INVITATION_INVALID';
  if (invitation.acceptedAt !== null) return 'INVITATION_USED';
  return at.getTime() >= invitation.expiresAt.getTime() ? 'INVITATION_EXPIRED' : undefined;
}
