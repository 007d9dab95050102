import {
  campaignsV1,
  contactsV1,
  datarightsV1,
  identityV1,
  messagingV1,
  privacyV1,
  type ServiceName,
  SERVICES,
  telephonyV1,
} from '@heed/contracts';
import { DomainError } from '@heed/kernel';
import { memberClient, type MemberClient } from '@heed/rpc';
import { type Endpoints } from './endpoints.js';
import { callHttp, type HttpCall } from './http-edge.js';

/** The public API as one member (or a program, the operator, or, with no token, anybody) may use it. */
export class HeedClient {
  private readonly clients: Record<ServiceName, MemberClient>;

  readonly operators;
  readonly tenants;
  readonly members;
  readonly apiKeys;
  readonly tokens;
  readonly contacts;
  readonly lists;
  readonly imports;
  readonly consent;
  readonly permits;
  readonly contactRules;
  readonly suppression;
  readonly signUpForms;
  readonly changes;
  readonly templates;
  readonly campaigns;
  readonly messages;
  readonly replies;
  readonly senderDomains;
  readonly providerConnections;
  readonly engagements;
  readonly calls;
  readonly spokenDoubts;
  readonly requests;
  readonly log;
  readonly audit;
  readonly participants;
  readonly processors;
  readonly sweeps;
  readonly holds;
  readonly dataMap;

  constructor(
    readonly endpoints: Endpoints,
    private readonly token?: string | (() => string | Promise<string>),
  ) {
    this.clients = Object.fromEntries(
      SERVICES.map((service) => [
        service,
        memberClient({ target: endpoints.grpc[service], ...(token && { token }) }),
      ]),
    ) as Record<ServiceName, MemberClient>;
    const { identity, contacts, campaigns, messaging, telephony, privacy } = this.clients;
    this.operators = identity.of(identityV1.OperatorsServiceService);
    this.tenants = identity.of(identityV1.TenantsServiceService);
    this.members = identity.of(identityV1.MembersServiceService);
    this.apiKeys = identity.of(identityV1.ApiKeysServiceService);
    this.tokens = identity.of(identityV1.TokensServiceService);
    this.contacts = contacts.of(contactsV1.ContactsServiceService);
    this.lists = contacts.of(contactsV1.ListsServiceService);
    this.imports = contacts.of(contactsV1.ImportsServiceService);
    this.consent = contacts.of(contactsV1.ConsentServiceService);
    this.permits = contacts.of(contactsV1.PermitsServiceService);
    this.contactRules = contacts.of(contactsV1.ContactRulesServiceService);
    this.suppression = contacts.of(contactsV1.SuppressionServiceService);
    this.signUpForms = contacts.of(contactsV1.SignUpFormsServiceService);
    this.changes = contacts.of(contactsV1.ChangesServiceService);
    this.templates = campaigns.of(campaignsV1.TemplatesServiceService);
    this.campaigns = campaigns.of(campaignsV1.CampaignsServiceService);
    this.messages = messaging.of(messagingV1.MessagesServiceService);
    this.replies = messaging.of(messagingV1.RepliesServiceService);
    this.senderDomains = messaging.of(messagingV1.SenderDomainsServiceService);
    this.providerConnections = messaging.of(messagingV1.ProviderConnectionsServiceService);
    this.engagements = messaging.of(messagingV1.EngagementsServiceService);
    this.calls = telephony.of(telephonyV1.CallsServiceService);
    this.spokenDoubts = telephony.of(telephonyV1.SpokenDoubtsServiceService);
    this.requests = privacy.of(privacyV1.RequestsServiceService);
    this.log = privacy.of(privacyV1.LogServiceService);
    this.audit = privacy.of(privacyV1.AuditServiceService);
    this.participants = privacy.of(privacyV1.ParticipantsServiceService);
    this.processors = privacy.of(privacyV1.ProcessorsServiceService);
    this.sweeps = privacy.of(privacyV1.SweepsServiceService);
    this.holds = privacy.of(privacyV1.HoldsServiceService);
    this.dataMap = privacy.of(privacyV1.DataMapServiceService);
  }

  /** The manifest and what else each service serves to privacy. */
  dataRights(service: ServiceName) {
    return this.clients[service].of(datarightsV1.DataRightsServiceService);
  }

  /** The token that is sent with a call made now. */
  async bearer(): Promise<string | undefined> {
    return typeof this.token === 'function' ? this.token() : this.token;
  }

  /** A route of a service's HTTP edge. */
  async http(service: ServiceName, call: Omit<HttpCall, 'token'>): Promise<Response> {
    const url = this.endpoints.http[service];
    if (!url) {
      throw new DomainError('ENDPOINTS_MISSING', 'failed-precondition', {
        message: `The HTTP edge of ${service} is not known: set HEED_${service.toUpperCase()}_URL`,
      });
    }
    const token = await this.bearer();
    return callHttp(url, { ...call, ...(token && { token }) });
  }

  close(): void {
    for (const client of Object.values(this.clients)) client.close();
  }
}
