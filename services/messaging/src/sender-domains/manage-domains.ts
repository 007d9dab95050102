import { Inject, Injectable } from '@nestjs/common';
import { messagingV1 } from '@heed/contracts';
import { TellActs } from '@heed/data-rights';
import { CLOCK, invalidArgument, newId, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { RequestReplay } from '@heed/rpc';
import { SendingTenantStore } from '../dispatch/sending-tenant.store.js';
import { refusal } from '../errors.js';
import { DomainKeys } from './domain-keys.js';
import { SenderDomainMessages } from './sender-domain-message.js';
import { domainName } from './sender-domain.js';
import { SenderDomainStore } from './sender-domain.store.js';
import { SigningDomains } from './signing-domains.js';

/** Each is looked at once a day, and shown with its keys. */
const MOST_DOMAINS = 200;

/** Makes a tenant's domains, gives them new keys, and ends them. */
@Injectable()
export class ManageDomains {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly replay: RequestReplay,
    private readonly store: SenderDomainStore,
    private readonly keys: DomainKeys,
    private readonly tenants: SendingTenantStore,
    private readonly signing: SigningDomains,
    private readonly messages: SenderDomainMessages,
    private readonly audit: TellActs,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async create(
    caller: Caller,
    request: messagingV1.CreateSenderDomainRequest,
  ): Promise<messagingV1.CreateSenderDomainResponse> {
    const name = domainName(request.domain);
    if (name === undefined) throw invalidArgument({ field: 'domain', reason: 'NOT_A_DOMAIN' });
    const { tenantId } = caller;
    const senderDomainId = newId();
    const keys = await this.keys.make(tenantId, senderDomainId);
    const content = messagingV1.CreateSenderDomainRequest.encode(request).finish();
    return this.uow.run(tenantId, (tx) =>
      this.replay.once(
        ...([tx, caller, request.requestId, content, messagingV1.CreateSenderDomainResponse] as const),
        async () => {
          const at = this.clock.now();
          // What the daily look goes by; also waits for another who adds one, so that both are counted.
          await this.tenants.remember(tx, tenantId, at);
          if ((await this.store.count(tx)) >= MOST_DOMAINS) throw refusal('TOO_MANY_SENDER_DOMAINS');
          const domain = {
            ...{ tenantId, senderDomainId, domain: name, state: 'pending' as const },
            ...{ spf: '', dkim: '', dmarc: '', createdAt: at, checkedAt: null, verifiedAt: null },
            nextCheckAt: at,
          };
          await this.audit.tell(tx, caller, senderDomainId);
          await this.store.add(tx, domain);
          await this.store.addKeys(tx, keys);
          tx.afterCommit(() => this.signing.forget(tenantId));
          return { senderDomain: this.messages.of({ domain, keys }) };
        },
      ),
    );
  }

  async rotate(
    caller: Caller,
    request: messagingV1.RotateSenderDomainKeyRequest,
  ): Promise<messagingV1.RotateSenderDomainKeyResponse> {
    const { tenantId } = caller;
    const { requestId, senderDomainId } = request;
    const keys = await this.keys.make(tenantId, senderDomainId);
    const content = messagingV1.RotateSenderDomainKeyRequest.encode(request).finish();
    return this.uow.run(tenantId, (tx) =>
      this.replay.once(
        ...([tx, caller, requestId, content, messagingV1.RotateSenderDomainKeyResponse] as const),
        async () => {
          const found = await this.store.lock(tx, senderDomainId);
          if (!found) throw refusal('SENDER_DOMAIN_NOT_FOUND');
          const live = found.keys.filter(({ retiredAt }) => retiredAt === null);
          if (live.some(({ isPublished }) => !isPublished)) throw refusal('ROTATION_PENDING');
          await this.store.addKeys(tx, keys);
          await this.audit.tell(tx, caller, senderDomainId);
          return { senderDomain: this.messages.of({ domain: found.domain, keys: [...found.keys, ...keys] }) };
        },
      ),
    );
  }

  async remove(caller: Caller, senderDomainId: string): Promise<void> {
    const { tenantId } = caller;
    const removed = await this.uow.run(tenantId, async (tx) => {
      tx.afterCommit(() => this.signing.forget(tenantId));
      const wasThere = await this.store.remove(tx, senderDomainId);
      if (wasThere) await this.audit.tell(tx, caller, senderDomainId);
      return wasThere;
    });
    if (!removed) throw refusal('SENDER_DOMAIN_NOT_FOUND');
  }
}
