import { Module } from '@nestjs/common';
import { DispatchModule } from '../dispatch/dispatch.module.js';
import { AcceptConfirmationsConsumer } from './accept-confirmations.consumer.js';
import { AcceptSignUpsConsumer } from './accept-sign-ups.consumer.js';
import { KnownSenderStore } from './known-sender.store.js';

@Module({
  imports: [DispatchModule],
  providers: [AcceptConfirmationsConsumer, AcceptSignUpsConsumer, KnownSenderStore],
})
export class ConfirmationsModule {}
