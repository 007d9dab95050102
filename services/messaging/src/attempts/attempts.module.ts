import { Module } from '@nestjs/common';
import { SendingModule } from '../sending/sending.module.js';
import { SinglesModule } from '../singles/singles.module.js';
import { AttemptPageStore } from './attempt-page.store.js';
import { MessagesGrpc } from './messages.grpc.js';
import { ReadAttempts } from './read-attempts.js';
import { RevealMessage } from './reveal-message.js';

@Module({
  imports: [SendingModule, SinglesModule],
  controllers: [MessagesGrpc],
  providers: [AttemptPageStore, ReadAttempts, RevealMessage],
})
export class AttemptsModule {}
