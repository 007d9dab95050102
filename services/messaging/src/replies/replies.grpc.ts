import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { messagingV1 } from '@heed/contracts';
import { type Caller } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { FromCaller, readPage } from '@heed/rpc';
import { DecideReply } from './decide-reply.js';
import { replyMessage } from './reply-message.js';
import { ReplyStore, type DoubtfulReply } from './reply.store.js';
import { RevealReply } from './reveal-reply.js';

@Controller()
@messagingV1.RepliesServiceControllerMethods()
export class RepliesGrpc implements messagingV1.RepliesServiceController {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly replies: ReplyStore,
    private readonly revealing: RevealReply,
    private readonly deciding: DecideReply,
  ) {}

  async listReplies(
    @Payload() request: messagingV1.ListRepliesRequest,
    @FromCaller() caller: Caller,
  ): Promise<messagingV1.ListRepliesResponse> {
    const { rows, nextPageToken } = await this.uow.run(caller.tenantId, (tx) =>
      readPage(request, { of: (reply: DoubtfulReply) => reply.mailId }, (after, limit) =>
        this.replies.undecided(tx, request.contactId, after, limit),
      ),
    );
    return { replies: rows.map(replyMessage), nextPageToken };
  }

  revealReply(
    @Payload() { replyId }: messagingV1.RevealReplyRequest,
    @FromCaller() caller: Caller,
  ): Promise<messagingV1.RevealReplyResponse> {
    return this.revealing.reveal(caller, replyId);
  }

  decideReply(
    @Payload() request: messagingV1.DecideReplyRequest,
    @FromCaller() caller: Caller,
  ): Promise<messagingV1.DecideReplyResponse> {
    return this.deciding.decide(caller, request);
  }
}
