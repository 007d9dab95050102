import {
  type Metadata,
  type sendUnaryData,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
} from '@grpc/grpc-js';
import { campaignsV1, contactsV1, identityV1, privacyV1, type ServiceName } from '@heed/contracts';
import { PermitOffice } from '@heed/testing/permit-office';
import { RpcClients, ServiceTokenMint } from '@heed/rpc';
import { newId, NIL_UUID, type SigningKey, systemClock } from '@heed/kernel';
import { decodeJwt } from 'jose';

type Call<Request> = ServerUnaryCall<Request, unknown> & { metadata: Metadata };

/** contacts, campaigns and privacy as far as messaging calls them, over real gRPC; a spec decides what they answer. */
export class Outside {
  readonly office = new PermitOffice();
  /** Of requesters. */
  readonly privacy = new PermitOffice('privacy');
  readonly audited: privacyV1.AuditEntry[] = [];
  readonly templates = new Map<string, campaignsV1.Template>();
  /** What is in their attachments. */
  readonly attachmentContents = new Map<string, Buffer[]>();
  /** Opt-outs that messaging told contacts of, each under its id once. */
  readonly optOuts: contactsV1.RecordOptOutRequest[] = [];
  /** Whether contacts, where consent is recorded, cannot be reached; permits go on. */
  consentIsAway = false;
  templateCalls = 0;
  /** How often it was asked who agrees to be tracked. */
  agreeingAsked = 0;
  private readonly server = new Server();
  private port = 0;

  async start(): Promise<void> {
    this.server.addService(contactsV1.PermitsServiceService, {
      batchIssuePermits: answering(async (request: contactsV1.BatchIssuePermitsRequest, tenantId) =>
        this.office.batchIssuePermits(request, { tenantId }),
      ),
      returnPermits: answering((request: contactsV1.ReturnPermitsRequest) =>
        this.office.returnPermits(request),
      ),
    });
    this.server.addService(privacyV1.RequesterPermitsServiceService, {
      batchIssuePermits: answering(async (request: privacyV1.BatchIssuePermitsRequest, tenantId) =>
        this.privacy.batchIssuePermits(request, { tenantId }),
      ),
    });
    this.server.addService(contactsV1.ConsentServiceService, {
      recordOptOut: answering(async (request: contactsV1.RecordOptOutRequest) => {
        if (this.consentIsAway) throw Object.assign(new Error('AWAY'), { code: 14 });
        const isNew = !this.optOuts.some(({ requestId }) => requestId === request.requestId);
        if (isNew) this.optOuts.push(request);
        return { entry: undefined, effect: 1, effectiveAt: '' };
      }),
      filterAgreeing: answering(async ({ contactIds }: contactsV1.FilterAgreeingRequest) => {
        this.agreeingAsked += 1;
        if (this.consentIsAway) throw Object.assign(new Error('AWAY'), { code: 14 });
        return { contactIds: contactIds.filter((contactId) => this.office.tracked.has(contactId)) };
      }),
    });
    this.server.addService(campaignsV1.TemplatesServiceService, {
      getTemplate: answering(async ({ templateId, attachmentContents }: campaignsV1.GetTemplateRequest) => {
        this.templateCalls += 1;
        const template = this.templates.get(templateId);
        if (!template) throw Object.assign(new Error('TEMPLATE_NOT_FOUND'), { code: 5 });
        const contents = attachmentContents ? this.attachmentContents.get(templateId) : undefined;
        return { template, attachmentContents: contents ?? [] };
      }),
    });
    this.server.addService(privacyV1.AuditServiceService, {
      recordAccess: answering(async ({ entries }: privacyV1.RecordAccessRequest) => {
        this.audited.push(...entries);
        return {};
      }),
    });
    this.port = await new Promise<number>((resolve, reject) =>
      this.server.bindAsync(`127.0.0.1:${this.port}`, ServerCredentials.createInsecure(), (error, port) =>
        error ? reject(error) : resolve(port),
      ),
    );
  }

  /** Where messaging finds those for whom this stands, without those who are there themselves. */
  env(present: readonly string[]): Record<string, string> {
    const absent = ['contacts', 'campaigns', 'privacy'].filter((name) => !present.includes(name));
    return Object.fromEntries(
      absent.map((name) => [`HEED_${name.toUpperCase()}_GRPC`, `dns:///127.0.0.1:${this.port}`]),
    );
  }

  /** Makes the keys of contacts and privacy known, as their start would. */
  async register(identityTarget: string): Promise<void> {
    await this.registerKey(identityTarget, 'contacts', this.office.key);
    await this.registerKey(identityTarget, 'privacy', this.privacy.key);
  }

  private async registerKey(identityTarget: string, service: string, key: SigningKey): Promise<void> {
    const clients = new RpcClients({
      targetOf: () => identityTarget,
      mint: new ServiceTokenMint(service as ServiceName, key, systemClock),
      clock: systemClock,
    });
    await clients.of(identityV1.TokensServiceService, 'identity').registerServiceKey(
      {
        service,
        publicKey: key.publicKey,
        proof: key.sign(Buffer.from(`heed service key:${service}`)),
        endorsement: Buffer.alloc(0),
      },
      {
        tenantId: NIL_UUID,
      },
    );
    clients.close();
  }

  /** A template of campaigns; its id. */
  template(change: Partial<campaignsV1.Template> = {}, files: campaignsV1.NewAttachment[] = []): string {
    const template = campaignsV1.Template.fromPartial({
      templateId: newId(),
      subject: 'Hello {{ first_name }}',
      textBody: 'News for you.',
      senderName: 'Acme',
      senderAddress: 'news@sender.test',
      postalAddress: '1 Main Street',
      contactFields: ['first_name'],
      attachments: files.map(({ name, contentType, content }) => ({
        name,
        contentType,
        size: content.length,
      })),
      ...change,
    });
    this.attachmentContents.set(
      template.templateId,
      files.map(({ content }) => content),
    );
    this.templates.set(template.templateId, template);
    return template.templateId;
  }

  stop(): void {
    this.server.forceShutdown();
  }
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
