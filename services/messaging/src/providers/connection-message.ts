import { type messagingV1 } from '@heed/contracts';
import { type ProviderConnection } from './provider-connection.store.js';

export function connectionMessage(
  { tenantId, providerConnectionId, name, createdAt, previousUntil }: ProviderConnection,
  at: Date,
): messagingV1.ProviderConnection {
  return {
    ...{ providerConnectionId, name, createdAt: createdAt.toISOString() },
    path: `/webhooks/mail/${tenantId}/${providerConnectionId}`,
    previousSecretUntil: previousUntil && previousUntil > at ? previousUntil.toISOString() : '',
  };
}
