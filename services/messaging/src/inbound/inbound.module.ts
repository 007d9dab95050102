import { Module } from '@nestjs/common';
import { BouncesModule } from '../bounces/bounces.module.js';
import { DispatchModule } from '../dispatch/dispatch.module.js';
import { SendingModule } from '../sending/sending.module.js';
import { AddressingModule } from './addressing.module.js';
import { AnsweredAttemptStore } from './answered-attempt.store.js';
import { HandleMail } from './handle-mail.js';
import { InboundMailStore } from './inbound-mail.store.js';
import { InboundServer } from './inbound-server.js';
import { InboundWork } from './inbound-work.js';
import { ProviderEventStore } from './provider-event.store.js';
import { PurgeMails } from './purge-mails.js';
import { ReceiveMail } from './receive-mail.js';
import { RecordHeardOptOut } from './record-heard-opt-out.js';
import { ResolveDoubt } from './resolve-doubt.js';
import { StandingDenials } from './standing-denials.js';

@Module({
  imports: [AddressingModule, BouncesModule, DispatchModule, SendingModule],
  providers: [
    ...[AnsweredAttemptStore, InboundMailStore, ProviderEventStore, InboundServer, InboundWork, ReceiveMail],
    ...[HandleMail, RecordHeardOptOut, StandingDenials, PurgeMails, ResolveDoubt],
  ],
  exports: [InboundMailStore, InboundWork, ProviderEventStore, ReceiveMail, ResolveDoubt],
})
export class InboundModule {
  constructor(
    private readonly denials: StandingDenials,
    private readonly work: InboundWork,
    private readonly purge: PurgeMails,
    private readonly server: InboundServer,
    handling: HandleMail,
  ) {
    work.serve((item) => handling.handle(item));
  }

  /** Who may not be written to is known before anything is sent (service.ts). */
  async start(): Promise<void> {
    await this.denials.start();
    this.work.start();
    this.purge.start();
    await this.server.start();
  }
}
