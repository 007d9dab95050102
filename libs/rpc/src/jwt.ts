import { type KeyObject } from 'node:crypto';
import { decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import { type Clock, DomainError } from '@heed/kernel';
import { type KeyCache } from './key-cache.js';

/** Clocks of two machines may differ by this much. */
const TOLERANCE_SECONDS = 5;

export interface Expectation {
  keys: Pick<KeyCache<KeyObject>, 'find'>;
  clock: Pick<Clock, 'now'>;
  issuer: string;
  audience: string;
  /** Refuses a token that claims to live longer, whatever its `exp`. */
  maxAgeSeconds?: number;
}

/** Verifies a compact JWT signed with Ed25519. `none` and every other algorithm are refused by name. */
export async function verifyToken(
  token: string,
  { keys, clock, issuer, audience, maxAgeSeconds }: Expectation,
): Promise<{ payload: JWTPayload; keyId: string }> {
  let keyId = '';
  try {
    const { payload } = await jwtVerify(
      token,
      async ({ kid }) => {
        const key = kid === undefined ? undefined : await keys.find((keyId = kid));
        if (key === undefined) throw new errors.JWKSNoMatchingKey();
        return key;
      },
      {
        algorithms: ['EdDSA', 'Ed25519'],
        issuer,
        audience,
        currentDate: clock.now(),
        clockTolerance: TOLERANCE_SECONDS,
        requiredClaims: ['exp', 'iat'],
        ...(maxAgeSeconds === undefined ? {} : { maxTokenAge: maxAgeSeconds }),
      },
    );
    return { payload, keyId };
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    throw error instanceof errors.JWTExpired
      ? new DomainError('TOKEN_EXPIRED', 'unauthenticated', { message: 'the token has expired' })
      : invalidToken();
  }
}

/** Who a token says it is from, before anything is verified: only to choose by which keys to verify it. */
export function claimedIssuer(token: string): string {
  try {
    return decodeJwt(token).iss ?? '';
  } catch {
    throw invalidToken();
  }
}

export function invalidToken(): DomainError {
  return new DomainError('TOKEN_INVALID', 'unauthenticated', { message: 'the token is not valid here' });
}
