import { type Clock, type SigningKey } from '@heed/kernel';
import { MEMBER_AUDIENCE, MEMBER_ISSUER } from '@heed/rpc';
import { decodeJwt, SignJWT } from 'jose';

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

  keySet(): { keys: PublicJwk[] } {
    const x = this.key.publicKey.toString('base64url');
    return { keys: [{ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig', kid: this.key.keyId, x }] };
  }
}

/** The session that a token belongs to. Of a token that was verified: this looks at nothing but the claim. */
export function sessionIdOf(verifiedToken: string): string | undefined {
  const { sid } = decodeJwt(verifiedToken);
  return typeof sid === 'string' ? sid : undefined;
}
