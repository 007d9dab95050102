import { PERMISSIONS, permissionsOf } from '@heed/contracts';
import { type FieldViolation } from '@heed/kernel';

/** A key by which a program calls, in the name of the member who made it. */
export interface ApiKey {
  apiKeyId: string;
  memberId: string;
  name: string;
  scopes: string[];
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

export type ApiKeyState = 'active' | 'expired' | 'revoked';

/** Keys that can be used, in one tenant. */
export const MOST_KEYS = 50;
/** How long a key that has ended is still listed. */
export const KEPT_MS = 90 * 24 * 3_600_000;
/** An exchange is written down once in this time: a busy program must not write a row a second. */
export const USE_IS_NOTED_EVERY_MS = 60_000;
/** What a token lives that a key was exchanged for: so long does a revocation take at most. */
export const TOKEN_SECONDS = 300;

/** A key must not make successors of itself, nor people: who revokes it would not be rid of it. */
const PEOPLE_ONLY = ['members.manage', 'api_keys.manage'];

/** What is wrong with the scopes that somebody with these permissions wants to give. */
export function scopeViolations(
  scopes: readonly string[],
  permissions: ReadonlySet<string>,
): FieldViolation[] {
  return scopes.flatMap((scope, index) => {
    const reason = faultOfScope(scope, scopes.indexOf(scope) < index, permissions);
    return reason === undefined ? [] : [{ field: `scopes[${index}]`, reason }];
  });
}

function faultOfScope(
  scope: string,
  isRepeated: boolean,
  permissions: ReadonlySet<string>,
): string | undefined {
  if (!PERMISSIONS.includes(scope)) return 'UNKNOWN_PERMISSION';
  if (isRepeated) return 'REPEATED';
  if (PEOPLE_ONLY.includes(scope)) return 'PEOPLE_ONLY';
  return permissions.has(scope) ? undefined : 'PERMISSION_LACKING';
}

/** What a key permits now: no more than its maker may do today, whatever they might when they made it. */
export function permitted(scopes: readonly string[], rolesOfMaker: readonly string[]): string[] {
  const permissions = permissionsOf(rolesOfMaker);
  return scopes.filter((scope) => permissions.has(scope));
}

export function stateOf({ revokedAt, expiresAt }: ApiKey, at: Date): ApiKeyState {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && at.getTime() >= expiresAt.getTime() ? 'expired' : 'active';
}

/** Seconds that a token lives which is given now: it does not outlive its key. */
export function tokenSeconds({ expiresAt }: ApiKey, at: Date): number {
  if (expiresAt === null) return TOKEN_SECONDS;
  const left = Math.floor((expiresAt.getTime() - at.getTime()) / 1000);
  return Math.max(1, Math.min(TOKEN_SECONDS, left));
}

/** Whether this exchange is to be written down. */
export function isUseNoted({ lastUsedAt }: ApiKey, at: Date): boolean {
  return lastUsedAt === null || at.getTime() - lastUsedAt.getTime() >= USE_IS_NOTED_EVERY_MS;
}
