import { readFileSync } from 'node:fs';
import { Module, type OnModuleDestroy } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { contactsV1, identityV1, privacyV1 } from '@heed/contracts';
import { CLOCK, type Clock } from '@heed/kernel';
import { PermitDesk, PermitDesks } from '@heed/permits';
import { RpcClients, ServiceKeys } from '@heed/rpc';
import { Signals } from '@heed/signals';
import { DispatchModule } from '../dispatch/dispatch.module.js';
import { type MessagingSettings } from '../settings.js';
import { TrackingModule } from '../tracking/tracking.module.js';
import { AddressingModule } from '../inbound/addressing.module.js';
import { BouncesModule } from '../bounces/bounces.module.js';
import { NoticeTemplatesModule } from '../notices/notice-templates.module.js';
import { SigningDomainsModule } from '../sender-domains/signing-domains.module.js';
import { ArmAttempts } from './arm-attempts.js';
import { CampaignTemplates } from './campaign-templates.js';
import { CarryMessage } from './carry-message.js';
import { ClaimWork } from './claim-work.js';
import { Conclusions } from './conclusions.js';
import { DeliverBatch } from './deliver-batch.js';
import { DomainLimits } from './domain-limits.js';
import { DomainPace } from './domain-pace.js';
import { InHandStore } from './in-hand.store.js';
import { Incarnation } from './incarnation.js';
import { CopyStore } from './copy.store.js';
import { MessageValues } from './message-values.js';
import { MessageStore } from './message.store.js';
import { LostSenders } from './lost-senders.js';
import { PrepareMessages } from './prepare-messages.js';
import { SendBatch } from './send-batch.js';
import { Sender } from './sender.js';
import { SenderStore } from './sender.store.js';
import { SendingSteps } from './sending-steps.js';
import { Slots } from './slots.js';
import { smtpSettings } from './smtp-settings.js';
import { SlotPace } from './slot-pace.js';
import { SmtpSlot } from './smtp-slot.js';
import { SweepLostSenders } from './sweep-lost-senders.js';
import { WorkList } from './work-list.js';

const slots = {
  provide: Slots,
  inject: [SETTINGS, CLOCK],
  useFactory: (settings: MessagingSettings, clock: Clock) => {
    const smtp = smtpSettings({
      url: settings.HEED_SMTP_URL,
      name: settings.HEED_SMTP_NAME,
      tls: settings.HEED_SMTP_TLS ?? (settings.HEED_ENV === 'production' ? 'required' : 'opportunistic'),
      ca: textOf(settings.HEED_SMTP_TLS_CA_FILE),
      mtaSts: textOf(settings.HEED_SMTP_MTA_STS_FILE),
    });
    return new Slots(
      Array.from({ length: settings.HEED_SMTP_SLOTS }, () => new SmtpSlot(smtp, clock)),
      clock,
    );
  },
};

function textOf(file: string | undefined): string | undefined {
  return file === undefined ? undefined : readFileSync(file, 'utf8');
}

const domainPace = {
  provide: DomainPace,
  inject: [SETTINGS, CLOCK],
  useFactory: (settings: MessagingSettings, clock: Clock) =>
    new DomainPace(DomainLimits.read(settings.HEED_SMTP_DOMAIN_LIMITS)!, clock),
};

/** One desk a process: what it hears applies to everything that the process holds. */
const permitDesk = {
  provide: PermitDesk,
  inject: [RpcClients, ServiceKeys, Signals, CLOCK],
  useFactory: (rpc: RpcClients, keys: ServiceKeys, signals: Signals, clock: Clock) =>
    new PermitDesk({
      client: rpc.of(contactsV1.PermitsServiceService, 'contacts'),
      publicKeyOf: (keyId) => keys.publicKeyOf('contacts', keyId),
      signals,
      clock,
    }),
};

/** What a desk needs of an issuer of its own people: their permits hold no places under caps. */
type OwnIssuer = Pick<ConstructorParameters<typeof PermitDesk>[0]['client'], 'batchIssuePermits'>;

/** Each issuer's people are asked about at a desk of its own. */
const permitDesks = {
  provide: PermitDesks,
  inject: [PermitDesk, RpcClients, ServiceKeys, Signals, CLOCK],
  useFactory: (contacts: PermitDesk, rpc: RpcClients, keys: ServiceKeys, signals: Signals, clock: Clock) => {
    const deskOf = (issuer: 'identity' | 'privacy', own: OwnIssuer): PermitDesk =>
      new PermitDesk({
        ...{ issuer, signals, clock },
        client: {
          batchIssuePermits: (request, options) => own.batchIssuePermits(request, options),
          returnPermits: async () => ({ returned: 0 }),
        },
        publicKeyOf: (keyId) => keys.publicKeyOf(issuer, keyId),
      });
    return new PermitDesks(
      new Map([
        ['contacts', contacts],
        ['identity', deskOf('identity', rpc.of(identityV1.MemberPermitsServiceService, 'identity'))],
        ['privacy', deskOf('privacy', rpc.of(privacyV1.RequesterPermitsServiceService, 'privacy'))],
      ]),
    );
  },
};

@Module({
  imports: [
    ...[AddressingModule, BouncesModule, DispatchModule, NoticeTemplatesModule, SigningDomainsModule],
    TrackingModule,
  ],
  providers: [
    ...[slots, domainPace, permitDesk, permitDesks, SendingSteps],
    ...[InHandStore, MessageStore, CopyStore, SenderStore],
    ...[
      CampaignTemplates,
      MessageValues,
      PrepareMessages,
      ArmAttempts,
      CarryMessage,
      SendBatch,
      DeliverBatch,
      Conclusions,
      SlotPace,
    ],
    ...[Incarnation, WorkList, ClaimWork, Sender, LostSenders, SweepLostSenders],
  ],
  exports: [CampaignTemplates, MessageStore, PermitDesk],
})
export class SendingModule implements OnModuleDestroy {
  constructor(
    private readonly sender: Sender,
    private readonly sweeper: SweepLostSenders,
    private readonly desks: PermitDesks,
  ) {}

  /** Begins when the service is ready to serve (service.ts): before, contacts would not know our key. */
  async start(): Promise<void> {
    await this.sender.start();
    this.sweeper.start();
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.sender.stop(), this.sweeper.stop()]);
    this.desks.close();
  }
}
