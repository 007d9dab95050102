import { Module } from '@nestjs/common';
import { DispatchModule } from '../dispatch/dispatch.module.js';
import { AcceptMemberMessagesConsumer } from './accept-member-messages.consumer.js';
import { AcceptRequesterMessagesConsumer } from './accept-requester-messages.consumer.js';

@Module({
  imports: [DispatchModule],
  providers: [AcceptMemberMessagesConsumer, AcceptRequesterMessagesConsumer],
})
export class NoticesModule {}
