import { Module } from '@nestjs/common';
import { DispatchModule } from '../dispatch/dispatch.module.js';
import { AcceptConfirmationsConsumer } from './accept-confirmations.consumer.js';
import { KnownSenderStore } from './known-sender.store.js';

@Module({ imports: [DispatchModule], providers: [AcceptConfirmationsConsumer, KnownSenderStore] })
export class ConfirmationsModule {}
