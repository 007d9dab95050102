import {
  type Metadata,
  type sendUnaryData,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
} from '@grpc/grpc-js';
import { campaignsV1, contactsV1, identityV1, privacyV1 } from '@heed/contracts';
import { newId, NIL_UUID, systemClock } from '@heed/kernel';
import { RpcClients, ServiceTokenMint } from '@heed/rpc';
import { PermitOffice } from '@heed/testing';
import { decodeJwt } from 'jose';

type Call<Request> = ServerUnaryCall<Request, unknown> & { metadata: Metadata };

/** contacts, campaigns and privacy as far as telephony calls them, over real gRPC; a spec decides what they answer. */
export class Outside {
  readonly office = new PermitOffice();
  readonly audited: privacyV1.AuditEntry[] = [];
  readonly optOuts: contactsV1.RecordOptOutRequest[] = [];
  /** Where contacts takes no opt-outs. */
  consentIsAway = false;
  /** Where contacts does not say whether somebody may still be called. */
  explainIsAway = false;
  /** Whom it was asked about. */
  readonly explained: string[] = [];
  private readonly scripts = new Map<string, campaignsV1.Template>();
  /** Where privacy takes nothing. */
  privacyIsAway = false;
  private readonly server = new Server();
  private port = 0;
  private told: () => void = () => undefined;
  private toldOptOut: () => void = () => undefined;

  async start(): Promise<void> {
    this.server.addService(contactsV1.PermitsServiceService, {
      batchIssuePermits: answering(async (request: contactsV1.BatchIssuePermitsRequest, tenantId) => {
        const response = await this.office.batchIssuePermits(request, { tenantId });
        // The office has mail addresses; the leaf only commits to an address, under a salt that a sender never sees.
        response.answers.forEach(({ answer }, index) => {
          if (answer?.$case === 'permit') answer.value.address = numberOf(request.asks[index]!.contactId);
        });
        return response;
      }),
      explainPermit: answering(async (request: contactsV1.ExplainPermitRequest) => {
        this.explained.push(request.contactId);
        if (this.explainIsAway) throw Object.assign(new Error('away'), { code: 14 });
        return this.office.explainPermit(request);
      }),
      returnPermits: answering((request: contactsV1.ReturnPermitsRequest) =>
        this.office.returnPermits(request),
      ),
    });
    this.server.addService(contactsV1.ConsentServiceService, {
      recordOptOut: answering(async (request: contactsV1.RecordOptOutRequest) => {
        if (this.consentIsAway) throw Object.assign(new Error('away'), { code: 14 });
        this.optOuts.push(request);
        this.toldOptOut();
        return { entry: undefined, effect: contactsV1.OptOutEffect.OPT_OUT_EFFECT_RECORDED, effectiveAt: '' };
      }),
    });
    this.server.addService(campaignsV1.TemplatesServiceService, {
      getTemplate: answering(async ({ templateId }: campaignsV1.GetTemplateRequest) => {
        const template = this.scripts.get(templateId);
        if (!template) throw Object.assign(new Error('TEMPLATE_NOT_FOUND'), { code: 5 });
        return { template, attachmentContents: [] };
      }),
    });
    this.server.addService(privacyV1.AuditServiceService, {
      recordAccess: answering(async ({ entries }: privacyV1.RecordAccessRequest) => {
        if (this.privacyIsAway) throw Object.assign(new Error('away'), { code: 14 });
        this.audited.push(...entries);
        this.told();
        return {};
      }),
    });
    this.port = await new Promise<number>((resolve, reject) =>
      this.server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
        error ? reject(error) : resolve(port),
      ),
    );
  }

  get env(): Record<string, string> {
    const target = `dns:///127.0.0.1:${this.port}`;
    return { HEED_CONTACTS_GRPC: target, HEED_CAMPAIGNS_GRPC: target, HEED_PRIVACY_GRPC: target };
  }

  /** What a campaign has its calls say; the id of its template. */
  script(textBody: string): string {
    const templateId = newId();
    this.scripts.set(
      templateId,
      campaignsV1.Template.fromPartial({ templateId, textBody, senderName: 'Acme' }),
    );
    return templateId;
  }

  /** Resolves when privacy is told of accesses the next time. */
  nextAudit(): Promise<void> {
    return new Promise((resolve) => (this.told = resolve));
  }

  /** Resolves when contacts is told of an opt-out the next time. */
  nextOptOut(): Promise<void> {
    return new Promise((resolve) => (this.toldOptOut = resolve));
  }

  /** Makes the key of contacts known, as its start would. */
  async register(identityTarget: string): Promise<void> {
    const { key } = this.office;
    const clients = new RpcClients({
      targetOf: () => identityTarget,
      mint: new ServiceTokenMint('contacts', key, systemClock),
      clock: systemClock,
    });
    const proof = key.sign(Buffer.from('heed service key:contacts'));
    await clients
      .of(identityV1.TokensServiceService, 'identity')
      .registerServiceKey(
        { service: 'contacts', publicKey: key.publicKey, proof, endorsement: Buffer.alloc(0) },
        { tenantId: NIL_UUID },
      );
    clients.close();
  }

  stop(): void {
    this.server.forceShutdown();
  }
}

/** One number a contact, the same every time. */
export function numberOf(contactId: string): string {
  return `+1555${String(Number.parseInt(contactId.slice(-8), 16)).padStart(10, '0')}`;
}

function answering<Request>(answer: (request: Request, tenantId: string) => Promise<unknown>) {
  return (call: Call<Request>, reply: sendUnaryData<unknown>): void => {
    const token = String(call.metadata.get('authorization')[0]).replace('Bearer ', '');
    answer(call.request, String(decodeJwt(token).tid)).then(
      (response) => reply(null, response),
      (error: Error & { code?: number }) => reply({ code: error.code ?? 13, details: error.message }),
    );
  };
}
