import { SignJWT } from 'jose';
import { type Clock, isUuid, type SigningKey } from '@heed/kernel';
import { invalidToken, verifyToken } from './jwt.js';
import { type ServiceKeys } from './service-keys.js';
import { VerifiedTokens } from './verified-tokens.js';

/** A stolen token is of use for a minute, at one service, for one tenant. */
const LIFETIME_SECONDS = 60;
/** Used for half of its life, so that it never expires on its way. */
const REUSE_MS = (LIFETIME_SECONDS / 2) * 1000;
const MOST_MINTED = 5_000;

/** Mints the tokens by which this service calls others. */
export class ServiceTokenMint {
  private readonly minted = new Map<string, { token: Promise<string>; at: number }>();

  constructor(
    private readonly service: string,
    private readonly key: SigningKey,
    private readonly clock: Clock,
  ) {}

  tokenFor(callee: string, tenantId: string, onBehalfOf?: string): Promise<string> {
    const now = this.clock.now().getTime();
    const id = `${callee} ${tenantId} ${onBehalfOf ?? ''}`;
    const known = this.minted.get(id);
    // Absolute: a clock set back must not keep a token for ever.
    if (known !== undefined && Math.abs(now - known.at) < REUSE_MS) return known.token;
    if (this.minted.size >= MOST_MINTED) this.minted.clear();
    const token = this.mint(callee, tenantId, onBehalfOf, Math.floor(now / 1000));
    this.minted.set(id, { token, at: now });
    return token;
  }

  private mint(
    callee: string,
    tenantId: string,
    onBehalfOf: string | undefined,
    now: number,
  ): Promise<string> {
    return new SignJWT({
      tid: tenantId,
      ...(onBehalfOf === undefined ? {} : { obo: onBehalfOf }),
    })
      .setProtectedHeader({ alg: 'EdDSA', kid: this.key.keyId, typ: 'JWT' })
      .setIssuer(this.service)
      .setAudience(callee)
      .setIssuedAt(now)
      .setExpirationTime(now + LIFETIME_SECONDS)
      .sign(this.key.privateKey);
  }
}

export interface VerifiedService {
  kind: 'service';
  service: string;
  tenantId: string;
  onBehalfOf?: string;
}

/** Verifies the tokens by which other services call this one. */
export class ServiceTokens {
  private readonly verified: VerifiedTokens<VerifiedService>;

  constructor(
    private readonly audience: string,
    private readonly keys: ServiceKeys,
    private readonly clock: Clock,
  ) {
    this.verified = new VerifiedTokens(clock);
  }

  async verify(token: string, service: string): Promise<VerifiedService> {
    const known = this.verified.get(token);
    if (known !== undefined && (await this.keys.keyOf(service, known.keyId)) !== undefined)
      return known.identity;
    const { payload, keyId } = await verifyToken(token, {
      keys: { find: (id) => this.keys.keyOf(service, id) },
      clock: this.clock,
      issuer: service,
      audience: this.audience,
      maxAgeSeconds: LIFETIME_SECONDS,
    });
    const { tid, obo, exp } = payload;
    if (typeof tid !== 'string' || !isUuid(tid)) throw invalidToken();
    if (obo !== undefined && (typeof obo !== 'string' || !isUuid(obo))) throw invalidToken();
    const identity: VerifiedService = {
      kind: 'service',
      service,
      tenantId: tid,
      ...(obo === undefined ? {} : { onBehalfOf: obo }),
    };
    this.verified.add(token, { identity, keyId, expiresAt: exp! * 1000 });
    return identity;
  }
}
