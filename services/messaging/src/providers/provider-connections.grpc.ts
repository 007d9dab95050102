import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { messagingV1 } from '@heed/contracts';
import { CLOCK, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { FromCaller } from '@heed/rpc';
import { connectionMessage } from './connection-message.js';
import { ManageConnections } from './manage-connections.js';
import { ProviderConnectionStore } from './provider-connection.store.js';

@Controller()
@messagingV1.ProviderConnectionsServiceControllerMethods()
export class ProviderConnectionsGrpc implements messagingV1.ProviderConnectionsServiceController {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly connections: ProviderConnectionStore,
    private readonly managing: ManageConnections,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  createProviderConnection(
    @Payload() request: messagingV1.CreateProviderConnectionRequest,
    @FromCaller() caller: Caller,
  ): Promise<messagingV1.CreateProviderConnectionResponse> {
    return this.managing.create(caller, request);
  }

  async listProviderConnections(
    @Payload() _request: messagingV1.ListProviderConnectionsRequest,
    @FromCaller() caller: Caller,
  ): Promise<messagingV1.ListProviderConnectionsResponse> {
    const all = await this.uow.run(caller.tenantId, (tx) => this.connections.all(tx));
    const at = this.clock.now();
    return { providerConnections: all.map((connection) => connectionMessage(connection, at)) };
  }

  rotateProviderSecret(
    @Payload() request: messagingV1.RotateProviderSecretRequest,
    @FromCaller() caller: Caller,
  ): Promise<messagingV1.RotateProviderSecretResponse> {
    return this.managing.rotate(caller, request);
  }

  deleteProviderConnection(
    @Payload() request: messagingV1.DeleteProviderConnectionRequest,
    @FromCaller() caller: Caller,
  ): Promise<messagingV1.DeleteProviderConnectionResponse> {
    return this.managing.remove(caller, request);
  }
}
