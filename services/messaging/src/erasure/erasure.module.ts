import { Module } from '@nestjs/common';
import { DispatchModule } from '../dispatch/dispatch.module.js';
import { InboundModule } from '../inbound/inbound.module.js';
import { DrainMails } from './drain-mails.js';
import { EndOpenAttempts } from './end-open-attempts.js';
import { OpenAttemptStore } from './open-attempt.store.js';
import { CountHandedOver } from './count-handed-over.js';

@Module({
  imports: [DispatchModule, InboundModule],
  providers: [CountHandedOver, DrainMails, EndOpenAttempts, OpenAttemptStore],
})
export class ErasureModule {}
