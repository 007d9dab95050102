import { timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { metrics } from '@heed/telemetry';
import { refusal } from '../errors.js';
import { AccessTokens } from '../keys/access-tokens.js';
import { findMember } from '../members/member.store.js';
import { readApiKey, type ApiKeyText } from './api-key-text.js';
import { isUseNoted, permitted, stateOf, tokenSeconds } from './api-key.js';
import { type ApiKeyEntity } from './api-key.entity.js';
import { findApiKey, noteUse } from './api-key.store.js';

const exchanges = metrics.counter('heed_api_key_exchanges_total', {
  description:
    'API keys shown for a token, by outcome; many refused ones are a key that leaked or was forgotten.',
});

export interface Exchanged {
  accessToken: string;
  expiresIn: number;
  scopes: string[];
}

/**
 * A key for a short-lived token. Services verify tokens by themselves, by a public key; a key they could verify only by
 * asking identity at every call, which then would have to be up for anybody to be served.
 */
@Injectable()
export class ExchangeApiKey {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly accessTokens: AccessTokens,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async exchange(text: string): Promise<Exchanged> {
    try {
      const exchanged = await this.exchangeShown(readApiKey(text));
      exchanges.add(1, { outcome: 'accepted' });
      return exchanged;
    } catch (error) {
      exchanges.add(1, { outcome: 'refused' });
      throw error;
    }
  }

  private async exchangeShown(shown: ApiKeyText | undefined): Promise<Exchanged> {
    if (!shown) throw refusal('API_KEY_INVALID');
    const at = this.clock.now();
    const { key, scopes } = await this.uow.run(shown.tenantId, async (tx) => {
      const found = await provedKey(tx, shown);
      const state = stateOf(found, at);
      if (state !== 'active') throw refusal(state === 'revoked' ? 'API_KEY_REVOKED' : 'API_KEY_EXPIRED');
      const maker = await findMember(tx, found.memberId);
      if (maker?.state !== 'active') throw refusal('API_KEY_REVOKED');
      if (isUseNoted(found, at)) await noteUse(tx, found.apiKeyId, at);
      return { key: found, scopes: permitted(found.scopes, maker.roles) };
    });
    const expiresIn = tokenSeconds(key, at);
    const accessToken = await this.accessTokens.mintForKey({ ...key, scopes }, expiresIn);
    return { accessToken, expiresIn, scopes };
  }
}

/** The key whose secret was shown. What is wrong with it, only who has the secret learns. */
async function provedKey(tx: Tx, shown: ApiKeyText): Promise<ApiKeyEntity> {
  const found = await findApiKey(tx, shown.apiKeyId);
  if (!found || !timingSafeEqual(found.secretHash, shown.hash)) throw refusal('API_KEY_INVALID');
  return found;
}
