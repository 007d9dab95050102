import { Module } from '@nestjs/common';
import { AttemptsModule } from './attempts/attempts.module.js';
import { ConfirmationsModule } from './confirmations/confirmations.module.js';
import { DispatchModule } from './dispatch/dispatch.module.js';
import { ErasureModule } from './erasure/erasure.module.js';
import { InboundModule } from './inbound/inbound.module.js';
import { NoticesModule } from './notices/notices.module.js';
import { ProvidersModule } from './providers/providers.module.js';
import { RepliesModule } from './replies/replies.module.js';
import { RestoresModule } from './restores/restores.module.js';
import { SenderDomainsModule } from './sender-domains/sender-domains.module.js';
import { SendingModule } from './sending/sending.module.js';
import { TrackingModule } from './tracking/tracking.module.js';

@Module({
  imports: [
    DispatchModule,
    SendingModule,
    AttemptsModule,
    ConfirmationsModule,
    ErasureModule,
    InboundModule,
    NoticesModule,
    RepliesModule,
    RestoresModule,
    SenderDomainsModule,
    ProvidersModule,
    TrackingModule,
  ],
})
export class AppModule {}
