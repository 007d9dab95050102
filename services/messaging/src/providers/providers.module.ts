import { Module } from '@nestjs/common';
import { DispatchModule } from '../dispatch/dispatch.module.js';
import { AddressingModule } from '../inbound/addressing.module.js';
import { InboundModule } from '../inbound/inbound.module.js';
import { ManageConnections } from './manage-connections.js';
import { ProviderConnectionStore } from './provider-connection.store.js';
import { ProviderConnectionsGrpc } from './provider-connections.grpc.js';
import { ProviderSecrets } from './provider-secrets.js';
import { ReceiveWebhook } from './receive-webhook.js';
import { WebhooksHttp } from './webhooks.http.js';

@Module({
  imports: [AddressingModule, DispatchModule, InboundModule],
  controllers: [ProviderConnectionsGrpc, WebhooksHttp],
  providers: [ManageConnections, ProviderConnectionStore, ProviderSecrets, ReceiveWebhook],
})
export class ProvidersModule {}
