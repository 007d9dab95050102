import { randomBytes } from 'node:crypto';
import { NIL_UUID } from '@heed/kernel';
import { type AccessTokens } from '../keys/access-tokens.js';
import { writeToken } from '../keys/one-time-token.js';
import { type Member } from '../members/member.js';
import { REFRESH_LIFETIME_MS } from './session.js';
import { type NewToken } from './session.store.js';

/** What somebody who has signed in holds. The names are those of RFC 6749, section 5.1. */
export interface IssuedTokens {
  access_token: string;
  token_type: 'Bearer';
  expires_in: number;
  refresh_token: string;
  refresh_expires_in: number;
}

/** A new refresh token, with what the database is to keep of it. */
export function newRefreshToken(tenantId: string, at: Date): NewToken & { text: string } {
  const { text, hash } = writeToken('refresh', tenantId, randomBytes(32));
  return { text, tokenHash: hash, expiresAt: new Date(at.getTime() + REFRESH_LIFETIME_MS) };
}

export async function issued(
  accessTokens: AccessTokens,
  member: Pick<Member, 'tenantId' | 'memberId' | 'roles'>,
  sessionId: string,
  refreshToken: string,
): Promise<IssuedTokens> {
  const { tenantId, memberId, roles } = member;
  const kind = tenantId === NIL_UUID ? 'operator' : 'member';
  return {
    access_token: await accessTokens.mint({ kind, tenantId, memberId, roles, sessionId }),
    token_type: 'Bearer',
    expires_in: accessTokens.lifetimeSeconds,
    refresh_token: refreshToken,
    refresh_expires_in: REFRESH_LIFETIME_MS / 1000,
  };
}
