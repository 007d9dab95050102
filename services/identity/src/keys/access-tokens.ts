import { DomainError, isUuid, publicKeyObject, type Clock, type SigningKey } from '@heed/kernel';
import { MEMBER_AUDIENCE, MEMBER_ISSUER } from '@heed/rpc';
import { jwtVerify, SignJWT } from 'jose';

/** Whom an access token is about. */
export interface TokenHolder {
  kind: 'member' | 'operator';
  tenantId: string;
  memberId: string;
  roles: readonly string[];
  sessionId: string;
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

/** Mints the tokens by which members and the operator call every service, and publishes the key that verifies them. */
export class AccessTokens {
  constructor(
    private readonly key: SigningKey,
    private readonly clock: Pick<Clock, 'now'>,
    readonly lifetimeSeconds: number,
  ) {}

  mint(holder: TokenHolder): Promise<string> {
    const now = Math.floor(this.clock.now().getTime() / 1000);
    return new SignJWT({
      tid: holder.tenantId,
      roles: [...holder.roles],
      kind: holder.kind,
      sid: holder.sessionId,
    })
      .setProtectedHeader({ alg: 'EdDSA', kid: this.key.keyId, typ: 'JWT' })
      .setIssuer(MEMBER_ISSUER)
      .setAudience(MEMBER_AUDIENCE)
      .setSubject(holder.memberId)
      .setIssuedAt(now)
      .setExpirationTime(now + this.lifetimeSeconds)
      .sign(this.key.privateKey);
  }

  /** The session of a token of ours, the operator's included, whom the guard of HTTP routes lets in nowhere. */
  async sessionOf(token: string): Promise<Pick<TokenHolder, 'tenantId' | 'memberId' | 'sessionId'>> {
    const { payload } = await jwtVerify(token, publicKeyObject(this.key.publicKey), {
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

  keySet(): { keys: PublicJwk[] } {
    const x = this.key.publicKey.toString('base64url');
    return { keys: [{ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig', kid: this.key.keyId, x }] };
  }
}

function invalid(): DomainError {
  return new DomainError('TOKEN_INVALID', 'unauthenticated', { message: 'the token is not valid here' });
}
