import { Module } from '@nestjs/common';
import { DispatchModule } from '../dispatch/dispatch.module.js';
import { AcceptMemberMessagesConsumer } from './accept-member-messages.consumer.js';

@Module({ imports: [DispatchModule], providers: [AcceptMemberMessagesConsumer] })
export class NoticesModule {}
