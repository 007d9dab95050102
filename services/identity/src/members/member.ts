import { ROLES } from '@heed/contracts';
import { type FieldViolation } from '@heed/kernel';

export type MemberState = 'invited' | 'active' | 'deactivated';

/** A person who may sign in. */
export interface Member {
  tenantId: string;
  memberId: string;
  email: string;
  name: string;
  roles: string[];
  state: MemberState;
  createdAt: Date;
}

const OWNER = 'owner';

/** What is wrong with an address to sign in with. It is compared without case and written to as it was typed. */
export function emailViolations(email: string, field = 'email'): FieldViolation[] {
  // One @ that has something on both sides, a domain of at least two labels, no blanks or control characters. Whether
  // the mailbox exists is shown by the invitation that arrives there, not by a longer expression.
  const sound =
    /^[^\s\p{C}@"<>(),;:\\[\]]{1,64}@(?=.{4,253}$)([\p{L}\p{N}]([\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}]{2,63}$/u;
  return sound.test(email) ? [] : [{ field, reason: 'NOT_AN_EMAIL' }];
}

/** What is wrong with the roles that somebody is to hold. */
export function roleViolations(roles: readonly string[]): FieldViolation[] {
  return roles.flatMap((role, index) => {
    if (!ROLES.includes(role)) return [{ field: `roles[${index}]`, reason: 'UNKNOWN_ROLE' }];
    return roles.indexOf(role) < index ? [{ field: `roles[${index}]`, reason: 'REPEATED' }] : [];
  });
}

/**
 * Whether somebody with these roles may give those. An owner decides who owns; all other roles an admin may give, also
 * those that may do what an admin may not (separation of duties: who staffs a tenant does not work its requests).
 */
export function mayGive(own: readonly string[], given: readonly string[]): boolean {
  return own.includes(OWNER) || !given.includes(OWNER);
}
