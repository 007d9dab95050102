import { type campaignsV1, topics } from '@heed/contracts';
import { Outbox } from '@heed/events';
import { type Clock } from '@heed/kernel';
import { PermitDesk, PermitDesks } from '@heed/permits';
import { type Database, UnitOfWork } from '@heed/postgres';
import { type RpcClients } from '@heed/rpc';
import { type KeyManagement, Sealing } from '@heed/sealing';
import { type PermitOffice } from '@heed/testing';
import { AcceptDispatch } from '../src/dispatch/accept-dispatch.js';
import { AnnounceConclusions } from '../src/dispatch/announce-conclusions.js';
import { type Dispatch } from '../src/dispatch/attempt.js';
import { AttemptStore } from '../src/dispatch/attempt.store.js';
import { MessageValuesStore } from '../src/dispatch/message-values.store.js';
import { SendingTenantStore } from '../src/dispatch/sending-tenant.store.js';
import { WorkBell } from '../src/dispatch/work-bell.js';
import { NoticeTemplates } from '../src/notices/notice-templates.js';
import { ArmAttempts } from '../src/sending/arm-attempts.js';
import { CampaignTemplates } from '../src/sending/campaign-templates.js';
import { CarryMessage } from '../src/sending/carry-message.js';
import { ClaimWork } from '../src/sending/claim-work.js';
import { Conclusions } from '../src/sending/conclusions.js';
import { DeliverBatch } from '../src/sending/deliver-batch.js';
import { DeliveryReportStore } from '../src/bounces/delivery-report.store.js';
import { HearReports } from '../src/bounces/hear-reports.js';
import { DenyStore } from '../src/inbound/deny.store.js';
import { InboundAddresses } from '../src/inbound/inbound-addresses.js';
import { DomainLimits } from '../src/sending/domain-limits.js';
import { DomainPace } from '../src/sending/domain-pace.js';
import { InHandStore } from '../src/sending/in-hand.store.js';
import { Incarnation } from '../src/sending/incarnation.js';
import { LostSenders } from '../src/sending/lost-senders.js';
import { CopyStore } from '../src/sending/copy.store.js';
import { MessageValues } from '../src/sending/message-values.js';
import { MessageStore } from '../src/sending/message.store.js';
import { PrepareMessages } from '../src/sending/prepare-messages.js';
import { DkimSigners } from '../src/dkim/dkim-signers.js';
import { DomainKeys } from '../src/sender-domains/domain-keys.js';
import { SenderDomainStore } from '../src/sender-domains/sender-domain.store.js';
import { SigningDomains } from '../src/sender-domains/signing-domains.js';
import { SendBatch } from '../src/sending/send-batch.js';
import { SenderStore } from '../src/sending/sender.store.js';
import { SendingSteps } from '../src/sending/sending-steps.js';
import { SlotPace } from '../src/sending/slot-pace.js';
import { Slots } from '../src/sending/slots.js';
import { SmtpSlot } from '../src/sending/smtp-slot.js';
import { TrackingLinks } from '../src/tracking/tracking-links.js';
import { SweepLostSenders } from '../src/sending/sweep-lost-senders.js';
import { type SmtpPeer } from './smtp-peer.js';

export interface SenderWorld {
  office: PermitOffice;
  peer: SmtpPeer;
  kms: KeyManagement;
  template: campaignsV1.Template;
}

/** One process of messaging without its loops: it takes requests, and works one batch off from claim to conclusions. */
export class SenderProcess {
  readonly steps = new SendingSteps();
  readonly slot: SmtpSlot;
  private readonly uow: UnitOfWork;
  private readonly slots: Slots;
  private readonly incarnation: Incarnation;
  private readonly accepting: AcceptDispatch;
  private readonly claims: ClaimWork;
  private readonly delivering: DeliverBatch;
  private readonly sweeper: SweepLostSenders;
  private readonly desk: PermitDesk;

  constructor(main: Database, keys: Database, world: SenderWorld, clock: Clock) {
    const uow = (this.uow = new UnitOfWork(main));
    const [inHand, messages, senders, tenants] = [
      new InHandStore(),
      new MessageStore(),
      new SenderStore(),
      new SendingTenantStore(),
    ];
    const values = new MessageValuesStore();
    const outbox = new Outbox({ service: 'messaging', topics, clock, committed: () => undefined });
    const announce = new AnnounceConclusions(outbox, values);
    this.accepting = new AcceptDispatch(new AttemptStore(), tenants, announce, new WorkBell(), clock);
    this.claims = new ClaimWork(uow, inHand, messages, clock);
    this.incarnation = new Incarnation(uow, senders, clock);
    this.slot = new SmtpSlot(world.peer.settings(), clock);
    this.slots = new Slots([this.slot], clock);
    this.desk = new PermitDesk({
      client: world.office,
      publicKeyOf: world.office.publicKeyOf,
      signals: { subscribe: () => () => undefined },
      clock,
    });
    const { steps, desk } = this;
    const arm = new ArmAttempts(uow, inHand, messages, new CopyStore(), new DenyStore(), clock);
    const sealing = new Sealing({ keys: new UnitOfWork(keys), main: uow, kms: world.kms, clock });
    const addresses = new InboundAddresses(sealing, uow, tenants, { HEED_INBOUND_DOMAIN: 'in.sender.test' });
    const signers = new DkimSigners(1);
    const domainKeys = new DomainKeys(sealing, clock);
    const signing = new SigningDomains(uow, new SenderDomainStore(), domainKeys, clock, {
      ...{ HEED_ENV: 'test', HEED_REQUIRE_VERIFIED_DOMAINS: undefined },
    });
    const held = new MessageValues(uow, values, sealing);
    const links = new TrackingLinks(sealing, uow, tenants, { HEED_TRACKING_URL: undefined });
    const prepare = new PrepareMessages(sealing, addresses, held, signing, signers, links, clock);
    const rpc = { of: () => ({ getTemplate: () => Promise.resolve({ template: world.template }) }) };
    const templates = new CampaignTemplates(rpc as unknown as RpcClients, links);
    const reports = new HearReports(new DeliveryReportStore(), outbox, announce);
    const desks = new PermitDesks(new Map([['contacts', desk]]));
    const notices = new NoticeTemplates({ HEED_SMTP_NAME: 'sender.test', HEED_NOTICE_FROM: undefined });
    const domains = new DomainPace(DomainLimits.read('')!, clock);
    const sending = new SendBatch(templates, notices, signing, desks, prepare, arm, domains, steps, clock);
    const carrying = new CarryMessage(desks, arm, domains, steps, clock);
    const conclusions = new Conclusions(uow, inHand, messages, announce, reports, steps, clock);
    this.delivering = new DeliverBatch(sending, carrying, conclusions, this.slots, new SlotPace(), clock);
    const lost = new LostSenders(uow, senders, this.incarnation, clock);
    this.sweeper = new SweepLostSenders(lost, uow, tenants, inHand, announce, clock);
  }

  /** As the inbox would, in its transaction. */
  accept(tenantId: string, dispatches: readonly Dispatch[]): Promise<void> {
    return this.uow.run(tenantId, (tx) => this.accepting.accept(tx, dispatches));
  }

  begin(): Promise<void> {
    return this.incarnation.begin();
  }

  /** One batch. Returns how many attempts were in it. */
  async work(tenantId: string): Promise<number> {
    const { senderId } = this.incarnation;
    const claimed = await this.claims.claim(tenantId, senderId, this.slots.freeCount);
    if (claimed.length === 0) return 0;
    await this.delivering.deliver({ tenantId, senderId, claimed }, this.slots.take(claimed.length));
    this.claims.release(tenantId, claimed, false);
    return claimed.length;
  }

  sweep(): Promise<void> {
    return this.sweeper.sweep();
  }

  async end(): Promise<void> {
    this.close();
    await this.incarnation.end(true);
  }

  /** Its connections to the mail server, and what it holds. */
  close(): void {
    this.slots.close();
    this.desk.close();
  }
}
