import { DomainError, isUuid, publicKeyObject, type Clock } from '@heed/kernel';
import { MEMBER_AUDIENCE, MEMBER_ISSUER } from '@heed/rpc';
import { errors, jwtVerify, SignJWT, type JWTPayload } from 'jose';
import { type TokenKeys } from './token-keys.js';

/** Whom an access token is about. */
export interface TokenHolder {
  kind: 'member' | 'operator';
  tenantId: string;
  memberId: string;
  roles: readonly string[];
  sessionId: string;
}

/** The API key that a token is given for. */
export interface KeyHolder {
  tenantId: string;
  apiKeyId: string;
  memberId: string;
  scopes: readonly string[];
}

/** A key as JWKS publishes it. SPEC: RFC 8037, section 2. */
export interface PublicJwk {
  kty: 'OKP';
  crv: 'Ed25519';
  alg: 'EdDSA';
  use: 'sig';
  kid: string;
  x: string;
}

/** Mints the tokens by which members, programs and the operator call every service, and publishes what verifies them. */
export class AccessTokens {
  constructor(
    private readonly keys: Pick<TokenKeys, 'signer' | 'served'>,
    private readonly clock: Pick<Clock, 'now'>,
    readonly lifetimeSeconds: number,
  ) {}

  mint({ tenantId, memberId, roles, kind, sessionId }: TokenHolder): Promise<string> {
    const claims = { sub: memberId, tid: tenantId, roles: [...roles], kind, sid: sessionId };
    return this.sign(claims, this.lifetimeSeconds);
  }

  /** The key is the actor, its maker whom it acts for. */
  mintForKey({ tenantId, apiKeyId, memberId, scopes }: KeyHolder, seconds: number): Promise<string> {
    const claims = { sub: apiKeyId, tid: tenantId, kind: 'api_key', scopes: [...scopes], obo: memberId };
    return this.sign(claims, seconds);
  }

  /** The session of a token of ours, the operator's included, whom the guard of HTTP routes lets in nowhere. */
  async sessionOf(token: string): Promise<Pick<TokenHolder, 'tenantId' | 'memberId' | 'sessionId'>> {
    const served = new Map((await this.keys.served()).map(({ keyId, publicKey }) => [keyId, publicKey]));
    const keyOf = ({ kid = '' }: { kid?: string }) => {
      const publicKey = served.get(kid);
      if (publicKey === undefined) throw new errors.JWKSNoMatchingKey();
      return publicKeyObject(publicKey);
    };
    const { payload } = await jwtVerify(token, keyOf, {
      algorithms: ['EdDSA'],
      issuer: MEMBER_ISSUER,
      audience: MEMBER_AUDIENCE,
      currentDate: this.clock.now(),
      requiredClaims: ['exp', 'sub', 'tid', 'sid'],
    }).catch(() => {
      throw invalid();
    });
    const [tenantId, memberId, sessionId] = [payload['tid'], payload.sub, payload['sid']].map(String);
    if (![tenantId, memberId, sessionId].every((id) => id !== undefined && isUuid(id))) {
      throw invalid();
    }
    return { tenantId, memberId, sessionId } as Pick<TokenHolder, 'tenantId' | 'memberId' | 'sessionId'>;
  }

  async keySet(): Promise<{ keys: PublicJwk[] }> {
    const keys = await this.keys.served();
    return {
      keys: keys.map(({ keyId: kid, publicKey }) => {
        return {
          kty: 'OKP',
          crv: 'Ed25519',
          alg: 'EdDSA',
          use: 'sig',
          kid,
          x: publicKey.toString('base64url'),
        };
      }),
    };
  }

  private async sign(claims: JWTPayload, seconds: number): Promise<string> {
    const now = Math.floor(this.clock.now().getTime() / 1000);
    const key = await this.keys.signer(new Date((now + seconds) * 1000));
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'EdDSA', kid: key.keyId, typ: 'JWT' })
      .setIssuer(MEMBER_ISSUER)
      .setAudience(MEMBER_AUDIENCE)
      .setIssuedAt(now)
      .setExpirationTime(now + seconds)
      .sign(key.privateKey);
  }
}

function invalid(): DomainError {
  return new DomainError('TOKEN_INVALID', 'unauthenticated', { message: 'the token is not valid here' });
}
