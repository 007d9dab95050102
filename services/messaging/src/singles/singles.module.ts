import { Module } from '@nestjs/common';
import { AttemptPageStore } from '../attempts/attempt-page.store.js';
import { DispatchModule } from '../dispatch/dispatch.module.js';
import { SendingModule } from '../sending/sending.module.js';
import { MessageRateStore } from './message-rate.store.js';
import { QueueMessage } from './queue-message.js';
import { SendMessage } from './send-message.js';

@Module({
  imports: [DispatchModule, SendingModule],
  providers: [AttemptPageStore, MessageRateStore, QueueMessage, SendMessage],
  exports: [SendMessage],
})
export class SinglesModule {}
