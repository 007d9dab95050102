import { createPublicKey, type KeyObject } from 'node:crypto';
import { type Clock, DomainError, isUuid, NIL_UUID } from '@heed/kernel';
import { permissionsOf } from '@heed/contracts';
import { verifyToken } from './jwt.js';
import { KeyCache, type KeyCacheOptions } from './key-cache.js';
import { VerifiedTokens } from './verified-tokens.js';

/** Issuer and audience of the tokens that identity gives to members, to programs with an API key, and to operators. */
export const MEMBER_ISSUER = 'heed.identity';
export const MEMBER_AUDIENCE = 'heed';

const FETCH_TIMEOUT_MS = 3_000;

export interface VerifiedMember {
  kind: 'member' | 'api_key' | 'operator';
  /** NIL_UUID for operators, who stand outside tenants. */
  tenantId: string;
  actorId: string;
  /** Who made the API key. */
  onBehalfOf?: string;
  permissions: ReadonlySet<string>;
}

/** Verifies tokens of members, programs and operators by the keys that identity publishes (JWKS, Ed25519 only). */
export class MemberTokens {
  private readonly keys: KeyCache<KeyObject>;
  private readonly verified: VerifiedTokens<VerifiedMember>;

  constructor(
    identityUrl: string,
    private readonly clock: Clock,
    options: KeyCacheOptions & { fetch?: typeof fetch } = {},
  ) {
    const url = new URL('/.well-known/jwks.json', identityUrl);
    this.keys = new KeyCache(() => fetchKeys(url, options.fetch ?? fetch), clock, options);
    this.verified = new VerifiedTokens(clock);
  }

  async verify(token: string): Promise<VerifiedMember> {
    const known = this.verified.get(token);
    if (known !== undefined && (await this.keys.find(known.keyId)) !== undefined) return known.identity;
    const { payload, keyId } = await verifyToken(token, {
      keys: this.keys,
      clock: this.clock,
      issuer: MEMBER_ISSUER,
      audience: MEMBER_AUDIENCE,
    });
    const identity = memberOf(payload);
    this.verified.add(token, { identity, keyId, expiresAt: payload.exp! * 1000 });
    return identity;
  }
}

function memberOf(payload: Record<string, unknown>): VerifiedMember {
  const { sub, tid, roles, kind, scopes, obo } = payload;
  if (typeof sub !== 'string' || !isUuid(sub)) throw malformed();
  if (kind === 'operator') return { kind, tenantId: NIL_UUID, actorId: sub, permissions: new Set() };
  if (typeof tid !== 'string' || !isUuid(tid) || tid === NIL_UUID) throw malformed();
  if (kind === 'api_key') {
    if (!Array.isArray(scopes) || typeof obo !== 'string' || !isUuid(obo)) throw malformed();
    const permissions = new Set(scopes.filter((scope) => typeof scope === 'string'));
    return { kind, tenantId: tid, actorId: sub, permissions, onBehalfOf: obo };
  }
  if (kind !== 'member') throw malformed();
  if (!Array.isArray(roles)) throw malformed();
  const permissions = permissionsOf(roles.filter((role) => typeof role === 'string'));
  return { kind, tenantId: tid, actorId: sub, permissions };
}

function malformed(): DomainError {
  return new DomainError('TOKEN_INVALID', 'unauthenticated', {
    message: 'the token does not say who it is for',
  });
}

async function fetchKeys(url: URL, fetcher: typeof fetch): Promise<ReadonlyMap<string, KeyObject>> {
  const response = await fetcher(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
  if (!response.ok) throw new Error(`JWKS: HTTP ${response.status}`);
  const { keys } = (await response.json()) as { keys: Record<string, string>[] };
  const usable = keys.filter(
    (key) => key['kty'] === 'OKP' && key['crv'] === 'Ed25519' && key['kid'] !== undefined,
  );
  return new Map(usable.map((jwk) => [jwk['kid']!, createPublicKey({ key: jwk, format: 'jwk' })]));
}
