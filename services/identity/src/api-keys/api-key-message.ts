import { identityV1 } from '@heed/contracts';
import { prefixOf } from './api-key-text.js';
import { stateOf, type ApiKeyState } from './api-key.js';
import { type ApiKeyEntity } from './api-key.entity.js';

const { ApiKeyState: State } = identityV1;

const WIRE: Record<ApiKeyState, identityV1.ApiKeyState> = {
  active: State.API_KEY_STATE_ACTIVE,
  expired: State.API_KEY_STATE_EXPIRED,
  revoked: State.API_KEY_STATE_REVOKED,
};

export function messageOf(key: ApiKeyEntity, at: Date): identityV1.ApiKey {
  const { tenantId, apiKeyId, memberId, name, scopes } = key;
  return {
    ...{ apiKeyId, memberId, name, scopes, prefix: prefixOf(tenantId, apiKeyId) },
    state: WIRE[stateOf(key, at)],
    createdAt: key.createdAt.toISOString(),
    expiresAt: key.expiresAt?.toISOString() ?? '',
    lastUsedAt: key.lastUsedAt?.toISOString() ?? '',
    revokedAt: key.revokedAt?.toISOString() ?? '',
  };
}

/** Undefined for all states. */
export function stateAsked(state: identityV1.ApiKeyState): ApiKeyState | undefined {
  return (Object.keys(WIRE) as ApiKeyState[]).find((name) => WIRE[name] === state);
}
