import { Inject, Injectable } from '@nestjs/common';
import { messagingV1 } from '@heed/contracts';
import { TellActs } from '@heed/data-rights';
import { CLOCK, newId, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { RequestReplay } from '@heed/rpc';
import { SendingTenantStore } from '../dispatch/sending-tenant.store.js';
import { refusal } from '../errors.js';
import { connectionMessage } from './connection-message.js';
import { ProviderConnectionStore, type ProviderConnection } from './provider-connection.store.js';
import { ProviderSecrets } from './provider-secrets.js';
import { writeSecret } from './standard-webhook.js';

export const MOST_CONNECTIONS = 20;
/** Time enough to give a provider its new secret. */
const OVERLAP_MS = 24 * 3_600_000;

/** Which providers are believed, and by which secrets. */
@Injectable()
export class ManageConnections {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly replay: RequestReplay,
    private readonly connections: ProviderConnectionStore,
    private readonly secrets: ProviderSecrets,
    private readonly tenants: SendingTenantStore,
    private readonly audit: TellActs,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  create(
    caller: Caller,
    request: messagingV1.CreateProviderConnectionRequest,
  ): Promise<messagingV1.CreateProviderConnectionResponse> {
    const { CreateProviderConnectionRequest: Request, CreateProviderConnectionResponse: Response } =
      messagingV1;
    return this.uow.run(caller.tenantId, (tx) =>
      this.replay.once(tx, caller, request.requestId, Request.encode(request).finish(), Response, () =>
        this.make(tx, caller, request.name),
      ),
    );
  }

  rotate(
    caller: Caller,
    request: messagingV1.RotateProviderSecretRequest,
  ): Promise<messagingV1.RotateProviderSecretResponse> {
    const { RotateProviderSecretRequest: Request, RotateProviderSecretResponse: Response } = messagingV1;
    return this.uow.run(caller.tenantId, (tx) =>
      this.replay.once(
        tx,
        caller,
        request.requestId,
        Request.encode(request).finish(),
        Response,
        async () => {
          const until = new Date(this.clock.now().getTime() + OVERLAP_MS);
          const rotated = await this.connections.rotate(tx, request.providerConnectionId, until);
          if (!rotated) throw refusal('PROVIDER_CONNECTION_NOT_FOUND');
          await this.audit.tell(tx, caller, request.providerConnectionId);
          return this.shown(rotated);
        },
      ),
    );
  }

  remove(
    caller: Caller,
    request: messagingV1.DeleteProviderConnectionRequest,
  ): Promise<messagingV1.DeleteProviderConnectionResponse> {
    const { DeleteProviderConnectionRequest: Request, DeleteProviderConnectionResponse: Response } =
      messagingV1;
    return this.uow.run(caller.tenantId, (tx) =>
      this.replay.once(
        tx,
        caller,
        request.requestId,
        Request.encode(request).finish(),
        Response,
        async () => {
          const wasThere = await this.connections.remove(tx, request.providerConnectionId);
          if (!wasThere) throw refusal('PROVIDER_CONNECTION_NOT_FOUND');
          await this.audit.tell(tx, caller, request.providerConnectionId);
          return {};
        },
      ),
    );
  }

  private async make(
    tx: Tx,
    caller: Caller,
    name: string,
  ): Promise<messagingV1.CreateProviderConnectionResponse> {
    const at = this.clock.now();
    await this.connections.lock(tx);
    if ((await this.connections.all(tx)).length >= MOST_CONNECTIONS) {
      throw refusal('PROVIDER_CONNECTIONS_TOO_MANY');
    }
    const connection: ProviderConnection = {
      ...{ tenantId: tx.tenantId, providerConnectionId: newId(), name, secretNumber: 1 },
      ...{ previousUntil: null, createdAt: at },
    };
    await this.connections.insert(tx, connection);
    await this.audit.tell(tx, caller, connection.providerConnectionId);
    // Whose mails are looked through for what is over.
    await this.tenants.remember(tx, tx.tenantId, at);
    return this.shown(connection);
  }

  private async shown(
    connection: ProviderConnection,
  ): Promise<{ providerConnection: messagingV1.ProviderConnection; secret: string }> {
    return {
      providerConnection: connectionMessage(connection, this.clock.now()),
      secret: writeSecret(await this.secrets.current(connection)),
    };
  }
}
