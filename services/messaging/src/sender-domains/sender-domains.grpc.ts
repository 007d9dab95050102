import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { messagingV1 } from '@heed/contracts';
import { type Caller } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { FromCaller, readPage } from '@heed/rpc';
import { refusal } from '../errors.js';
import { ManageDomains } from './manage-domains.js';
import { SenderDomainMessages, stateOf } from './sender-domain-message.js';
import { SenderDomainStore, type DomainWithKeys } from './sender-domain.store.js';
import { VerifyDomain } from './verify-domain.js';

@Controller()
@messagingV1.SenderDomainsServiceControllerMethods()
export class SenderDomainsGrpc implements messagingV1.SenderDomainsServiceController {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly store: SenderDomainStore,
    private readonly managing: ManageDomains,
    private readonly verifying: VerifyDomain,
    private readonly messages: SenderDomainMessages,
  ) {}

  createSenderDomain(
    @Payload() request: messagingV1.CreateSenderDomainRequest,
    @FromCaller() caller: Caller,
  ): Promise<messagingV1.CreateSenderDomainResponse> {
    return this.managing.create(caller, request);
  }

  async getSenderDomain(
    @Payload() { senderDomainId }: messagingV1.GetSenderDomainRequest,
    @FromCaller() { tenantId }: Caller,
  ): Promise<messagingV1.GetSenderDomainResponse> {
    const found = await this.uow.run(tenantId, (tx) => this.store.find(tx, senderDomainId));
    if (!found) throw refusal('SENDER_DOMAIN_NOT_FOUND');
    return { senderDomain: this.messages.of(found) };
  }

  async listSenderDomains(
    @Payload() request: messagingV1.ListSenderDomainsRequest,
    @FromCaller() { tenantId }: Caller,
  ): Promise<messagingV1.ListSenderDomainsResponse> {
    const { rows, nextPageToken } = await this.uow.run(tenantId, (tx) =>
      readPage(request, { of: ({ domain }: DomainWithKeys) => domain.senderDomainId }, (after, limit) =>
        this.store.page(tx, stateOf(request.state), after, limit),
      ),
    );
    return { senderDomains: rows.map((row) => this.messages.of(row)), nextPageToken };
  }

  async verifySenderDomain(
    @Payload() { senderDomainId }: messagingV1.VerifySenderDomainRequest,
    @FromCaller() { tenantId }: Caller,
  ): Promise<messagingV1.VerifySenderDomainResponse> {
    return { senderDomain: this.messages.of(await this.verifying.verify(tenantId, senderDomainId)) };
  }

  rotateSenderDomainKey(
    @Payload() request: messagingV1.RotateSenderDomainKeyRequest,
    @FromCaller() caller: Caller,
  ): Promise<messagingV1.RotateSenderDomainKeyResponse> {
    return this.managing.rotate(caller, request);
  }

  async deleteSenderDomain(
    @Payload() { senderDomainId }: messagingV1.DeleteSenderDomainRequest,
    @FromCaller() caller: Caller,
  ): Promise<messagingV1.DeleteSenderDomainResponse> {
    await this.managing.remove(caller, senderDomainId);
    return {};
  }
}
