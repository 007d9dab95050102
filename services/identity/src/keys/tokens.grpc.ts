import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { identityV1 } from '@heed/contracts';
import { UnitOfWork } from '@heed/postgres';
import { FromMetadata } from '@heed/rpc';
import { RegisterServiceKey, retiresAt } from './register-service-key.js';
import { RevokeServiceKey } from './revoke-service-key.js';
import { allServiceKeys } from './service-key.store.js';

@Controller()
@identityV1.TokensServiceControllerMethods()
export class TokensGrpc implements identityV1.TokensServiceController {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly registering: RegisterServiceKey,
    private readonly revoking: RevokeServiceKey,
  ) {}

  async registerServiceKey(
    @Payload() request: identityV1.RegisterServiceKeyRequest,
    @FromMetadata('heed-registration') secret: string | undefined,
  ): Promise<identityV1.RegisterServiceKeyResponse> {
    return { keyId: await this.registering.register(secret, request) };
  }

  async revokeServiceKey(
    @Payload() request: identityV1.RevokeServiceKeyRequest,
  ): Promise<identityV1.RevokeServiceKeyResponse> {
    return { keyId: await this.revoking.revoke(request) };
  }

  async listServiceKeys(
    @Payload() _request: identityV1.ListServiceKeysRequest,
  ): Promise<identityV1.ListServiceKeysResponse> {
    const keys = await this.uow.runAcross('service', allServiceKeys);
    return {
      keys: keys.map(({ follows: _, revokedAt, ...key }) => ({
        ...key,
        registeredAt: key.registeredAt.toISOString(),
        retiresAt: retiresAt(keys, key.keyId)?.toISOString() ?? '',
        revokedAt: revokedAt?.toISOString() ?? '',
      })),
    };
  }
}
