import { messagingV1 } from '@heed/contracts';
import { defineService } from '@heed/service';
import { AppModule } from './app.module.js';
import { AttemptEntity } from './dispatch/attempt.entity.js';
import { MessageValuesEntity } from './dispatch/message-values.entity.js';
import { messagingTables } from './infrastructure.js';
import { DenyEntity } from './inbound/deny.entity.js';
import { InboundMailEntity } from './inbound/inbound-mail.entity.js';
import { InboundModule } from './inbound/inbound.module.js';
import { ProviderConnectionEntity } from './providers/provider-connection.entity.js';
import { ProviderEventEntity } from './providers/provider-event.entity.js';
import { CopyEntity } from './sending/copy.entity.js';
import { MessageEntity } from './sending/message.entity.js';
import { DkimKeyEntity } from './sender-domains/dkim-key.entity.js';
import { SenderDomainEntity } from './sender-domains/sender-domain.entity.js';
import { SenderDomainsModule } from './sender-domains/sender-domains.module.js';
import { SendingModule } from './sending/sending.module.js';
import { MendAttempts, openAttempts, ownOutcomes } from './restores/mend-attempts.js';
import { MessageRateEntity } from './singles/message-rate.entity.js';
import { EngagementEntity } from './tracking/engagement.entity.js';
import { TrackingModule } from './tracking/tracking.module.js';
import { messagingSettings } from './settings.js';

export const messaging = defineService({
  name: 'messaging',
  module: AppModule,
  grpc: [
    messagingV1.MessagesServiceService,
    messagingV1.ProviderConnectionsServiceService,
    messagingV1.RepliesServiceService,
    messagingV1.SenderDomainsServiceService,
    messagingV1.EngagementsServiceService,
  ],
  http: true,
  entities: [
    ...[AttemptEntity, CopyEntity, DenyEntity, EngagementEntity, InboundMailEntity],
    ...[MessageEntity, MessageRateEntity, MessageValuesEntity],
    ...[ProviderConnectionEntity, ProviderEventEntity],
    ...[SenderDomainEntity, DkimKeyEntity],
  ],
  infrastructure: messagingTables,
  migrations: new URL('../migrations/', import.meta.url),
  settings: messagingSettings,
  resync: { before: [openAttempts], after: [ownOutcomes] },
  beforeServing: async (get, tenants) => {
    // An operator may have opened it in mid-resync: whoever asked waits for a word still.
    await get(MendAttempts).tellRest(await tenants());
    await get(InboundModule).start();
    get(TrackingModule).start();
    await get(SendingModule).start();
    get(SenderDomainsModule).start();
  },
});
