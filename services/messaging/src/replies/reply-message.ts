import { messagingV1 } from '@heed/contracts';
import { type Decision } from '../inbound/resolve-doubt.js';
import { type DoubtfulReply } from './reply.store.js';

const { ReplyDecision } = messagingV1;

const WIRE_DECISION: Record<Decision, messagingV1.ReplyDecision> = {
  opt_out: ReplyDecision.REPLY_DECISION_OPT_OUT,
  not_an_opt_out: ReplyDecision.REPLY_DECISION_NOT_AN_OPT_OUT,
};

export function decisionOf(wire: messagingV1.ReplyDecision): Decision | undefined {
  return (Object.keys(WIRE_DECISION) as Decision[]).find((name) => WIRE_DECISION[name] === wire);
}

/** Ids, times and codes: what was written is shown by a call of its own. */
export function replyMessage(reply: DoubtfulReply): messagingV1.Reply {
  return {
    replyId: reply.mailId,
    contactId: reply.contactId,
    attemptId: reply.attemptId ?? '',
    reason: reply.code,
    receivedAt: reply.receivedAt.toISOString(),
    decideBy: reply.expiresAt.toISOString(),
    decision: reply.decision ? WIRE_DECISION[reply.decision] : ReplyDecision.REPLY_DECISION_UNSPECIFIED,
    decidedAt: reply.decidedAt?.toISOString() ?? '',
    decidedBy: reply.decidedBy ?? '',
  };
}
