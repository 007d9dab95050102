import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { identityV1 } from '@heed/contracts';
import { type Caller } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { FromCaller, readPage } from '@heed/rpc';
import { FoundTenant } from './found-tenant.js';
import { messageOf } from './tenant-message.js';
import { type Tenant } from './tenant.js';
import { ownTenant, tenantsBefore } from './tenant.store.js';

@Controller()
@identityV1.TenantsServiceControllerMethods()
export class TenantsGrpc implements identityV1.TenantsServiceController {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly founding: FoundTenant,
  ) {}

  createTenant(
    @Payload() request: identityV1.CreateTenantRequest,
    @FromCaller() caller: Caller,
  ): Promise<identityV1.CreateTenantResponse> {
    return this.founding.found(caller, request);
  }

  async getTenant(
    @Payload() _request: identityV1.GetTenantRequest,
    @FromCaller() caller: Caller,
  ): Promise<identityV1.GetTenantResponse> {
    return { tenant: messageOf(await this.uow.run(caller.tenantId, ownTenant)) };
  }

  async listTenants(
    @Payload() request: identityV1.ListTenantsRequest,
    @FromCaller() caller: Caller,
  ): Promise<identityV1.ListTenantsResponse> {
    const { rows, nextPageToken } = await this.uow.run(caller.tenantId, (tx) =>
      readPage(request, { of: (tenant: Tenant) => tenant.tenantId }, (before, limit) =>
        tenantsBefore(tx, { before, slugPrefix: request.slugPrefix, limit }),
      ),
    );
    return { tenants: rows.map(messageOf), nextPageToken };
  }
}
