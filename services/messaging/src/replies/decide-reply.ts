import { Injectable } from '@nestjs/common';
import { messagingV1 } from '@heed/contracts';
import { TellActs } from '@heed/data-rights';
import { invalidArgument, type Caller } from '@heed/kernel';
import { admitSubjects, UnitOfWork, type Tx } from '@heed/postgres';
import { RequestReplay } from '@heed/rpc';
import { refusal } from '../errors.js';
import { ResolveDoubt, type Decision } from '../inbound/resolve-doubt.js';
import { decisionOf, replyMessage } from './reply-message.js';
import { ReplyStore } from './reply.store.js';

/** A person says what an answer meant. Who it was is kept beside the answer. */
@Injectable()
export class DecideReply {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly replay: RequestReplay,
    private readonly replies: ReplyStore,
    private readonly doubts: ResolveDoubt,
    private readonly audit: TellActs,
  ) {}

  decide(caller: Caller, request: messagingV1.DecideReplyRequest): Promise<messagingV1.DecideReplyResponse> {
    const decision = decisionOf(request.decision);
    if (!decision) throw invalidArgument({ field: 'decision', reason: 'UNKNOWN_VALUE' });
    const content = messagingV1.DecideReplyRequest.encode(request).finish();
    return this.uow.run(
      caller.tenantId,
      (tx) =>
        this.replay.once(tx, caller, request.requestId, content, messagingV1.DecideReplyResponse, () =>
          this.write(tx, caller, request.replyId, decision),
        ),
      { priority: 'consent' },
    );
  }

  private async write(
    tx: Tx,
    caller: Caller,
    replyId: string,
    decision: Decision,
  ): Promise<messagingV1.DecideReplyResponse> {
    if (!(await this.replies.find(tx, replyId))) throw refusal('REPLY_NOT_FOUND');
    const { actorId } = caller;
    const known = await admitSubjects(tx, [actorId], 'member');
    const by = known.has(actorId) ? actorId : undefined;
    const decidedNow = await this.doubts.resolve(tx, replyId, decision, by);
    if (decidedNow) await this.audit.tell(tx, caller, replyId);
    const reply = await this.replies.find(tx, replyId);
    if (!reply) throw refusal('REPLY_NOT_FOUND');
    if (!decidedNow && reply.decision !== decision) throw refusal('REPLY_DECIDED');
    return { reply: replyMessage(reply) };
  }
}
