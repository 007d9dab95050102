import { topics, type contactsV1 } from '@heed/contracts';
import { Outbox } from '@heed/events';
import { type Clock } from '@heed/kernel';
import { PermitDesk } from '@heed/permits';
import { type Database, UnitOfWork } from '@heed/postgres';
import { type RpcClients } from '@heed/rpc';
import { type KeyManagement, Sealing } from '@heed/sealing';
import { logger } from '@heed/telemetry';
import { type MortalProcess, PermitOffice } from '@heed/testing';
import { DeliveryReportStore } from '../src/bounces/delivery-report.store.js';
import { HearReports } from '../src/bounces/hear-reports.js';
import { AnnounceConclusions } from '../src/dispatch/announce-conclusions.js';
import { MessageValuesStore } from '../src/dispatch/message-values.store.js';
import { SendingTenantStore } from '../src/dispatch/sending-tenant.store.js';
import { AnsweredAttemptStore } from '../src/inbound/answered-attempt.store.js';
import { DenyStore } from '../src/inbound/deny.store.js';
import { HandleMail } from '../src/inbound/handle-mail.js';
import { InboundAddresses } from '../src/inbound/inbound-addresses.js';
import { InboundMailStore } from '../src/inbound/inbound-mail.store.js';
import { InboundWork } from '../src/inbound/inbound-work.js';
import { ProviderEventStore } from '../src/inbound/provider-event.store.js';
import { ReceiveMail } from '../src/inbound/receive-mail.js';
import { RecordHeardOptOut } from '../src/inbound/record-heard-opt-out.js';
import { StandingDenials } from '../src/inbound/standing-denials.js';
import { ProviderConnectionStore } from '../src/providers/provider-connection.store.js';
import { ProviderSecrets } from '../src/providers/provider-secrets.js';
import { ReceiveWebhook } from '../src/providers/receive-webhook.js';

export interface InboundWorld {
  main: Database;
  keys: Database;
  kms: KeyManagement;
  clock: Clock;
  /** What contacts answers where an opt-out is told. */
  contacts: { recordOptOut(request: contactsV1.RecordOptOutRequest): Promise<unknown> };
}

/** One process of messaging as far as it hears: mails, webhooks of providers, and what follows from them. */
export class InboundProcess {
  readonly uow: UnitOfWork;
  readonly receiving: ReceiveMail;
  readonly webhooks: ReceiveWebhook;
  readonly secrets: ProviderSecrets;
  readonly addresses: InboundAddresses;
  readonly work: InboundWork;

  constructor({ main, keys, kms, clock, contacts }: InboundWorld, mortal: MortalProcess) {
    const uow = (this.uow = new UnitOfWork(mortal.with(main), () => undefined));
    const sealing = new Sealing({ keys: new UnitOfWork(mortal.with(keys)), main: uow, kms, clock });
    const [attempts, mails, denies] = [new AnsweredAttemptStore(), new InboundMailStore(), new DenyStore()];
    const office = new PermitOffice();
    const signals = { subscribe: () => () => undefined };
    const desk = new PermitDesk({ client: office, publicKeyOf: office.publicKeyOf, signals, clock });
    this.work = new InboundWork(uow, clock, logger({}, { write: () => undefined }));
    const outbox = new Outbox({ service: 'messaging', topics, clock, committed: () => undefined });
    const announce = new AnnounceConclusions(outbox, new MessageValuesStore());
    const reports = new HearReports(new DeliveryReportStore(), outbox, announce);
    const rpc = { of: () => mortal.through({ ...contacts }, 'recordOptOut') } as unknown as RpcClients;
    const optOuts = new RecordHeardOptOut(uow, attempts, sealing, rpc);
    const handling = new HandleMail(uow, mails, denies, reports, optOuts, clock);
    this.work.serve((item) => handling.handle(item));
    const standing = new StandingDenials(desk, uow, denies, clock);
    const settings = { HEED_INBOUND_KEEP_DAYS: 30 };
    this.receiving = new ReceiveMail(
      ...([uow, sealing, attempts, mails, denies, standing, this.work, clock, settings] as const),
    );
    const [connections, events] = [new ProviderConnectionStore(), new ProviderEventStore()];
    this.secrets = new ProviderSecrets(sealing);
    const domain = { HEED_INBOUND_DOMAIN: 'in.sender.test' };
    this.addresses = new InboundAddresses(sealing, uow, new SendingTenantStore(), domain);
    this.webhooks = new ReceiveWebhook(
      ...([uow, connections, events, this.secrets, this.addresses, this.receiving, clock] as const),
    );
  }
}
