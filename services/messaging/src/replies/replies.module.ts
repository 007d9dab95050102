import { Module } from '@nestjs/common';
import { InboundModule } from '../inbound/inbound.module.js';
import { DecideReply } from './decide-reply.js';
import { RepliesGrpc } from './replies.grpc.js';
import { ReplyStore } from './reply.store.js';
import { RevealReply } from './reveal-reply.js';

@Module({
  imports: [InboundModule],
  controllers: [RepliesGrpc],
  providers: [DecideReply, ReplyStore, RevealReply],
})
export class RepliesModule {}
