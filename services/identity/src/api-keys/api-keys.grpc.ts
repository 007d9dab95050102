import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { identityV1 } from '@heed/contracts';
import { CLOCK, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { FromCaller, readPage } from '@heed/rpc';
import { messageOf, stateAsked } from './api-key-message.js';
import { type ApiKeyEntity } from './api-key.entity.js';
import { apiKeyById, apiKeysBefore } from './api-key.store.js';
import { CreateApiKey } from './create-api-key.js';
import { ExchangeApiKey } from './exchange-api-key.js';
import { RevokeApiKey } from './revoke-api-key.js';

@Controller()
@identityV1.ApiKeysServiceControllerMethods()
export class ApiKeysGrpc implements identityV1.ApiKeysServiceController {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly creating: CreateApiKey,
    private readonly revoking: RevokeApiKey,
    private readonly exchanging: ExchangeApiKey,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  createApiKey(
    @Payload() request: identityV1.CreateApiKeyRequest,
    @FromCaller() caller: Caller,
  ): Promise<identityV1.CreateApiKeyResponse> {
    return this.creating.create(caller, request);
  }

  async getApiKey(
    @Payload() { apiKeyId }: identityV1.GetApiKeyRequest,
    @FromCaller() caller: Caller,
  ): Promise<identityV1.GetApiKeyResponse> {
    const key = await this.uow.run(caller.tenantId, (tx) => apiKeyById(tx, apiKeyId));
    return { apiKey: messageOf(key, this.clock.now()) };
  }

  async listApiKeys(
    @Payload() request: identityV1.ListApiKeysRequest,
    @FromCaller() caller: Caller,
  ): Promise<identityV1.ListApiKeysResponse> {
    const at = this.clock.now();
    const state = stateAsked(request.state);
    const { rows, nextPageToken } = await this.uow.run(caller.tenantId, (tx) =>
      readPage(request, { of: (key: ApiKeyEntity) => key.apiKeyId }, (before, limit) =>
        apiKeysBefore(tx, {
          ...(before !== undefined && { before }),
          ...(state !== undefined && { state }),
          ...(request.memberId && { memberId: request.memberId }),
          ...(request.namePrefix && { namePrefix: request.namePrefix }),
          ...{ at, limit },
        }),
      ),
    );
    return { apiKeys: rows.map((key) => messageOf(key, at)), nextPageToken };
  }

  async revokeApiKey(
    @Payload() { apiKeyId }: identityV1.RevokeApiKeyRequest,
    @FromCaller() caller: Caller,
  ): Promise<identityV1.RevokeApiKeyResponse> {
    return { apiKey: await this.revoking.revoke(caller, apiKeyId) };
  }

  exchangeApiKey(
    @Payload() { key }: identityV1.ExchangeApiKeyRequest,
  ): Promise<identityV1.ExchangeApiKeyResponse> {
    return this.exchanging.exchange(key);
  }
}
