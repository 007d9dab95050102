import { type EndReason } from '../carrier/carrier.js';
import { header, listed, parameter, type SipMessage } from './sip-message.js';

/** What a final answer to an INVITE says of the person's telephone. */
const OF_STATUS: Record<number, EndReason> = {
  404: 'invalid',
  408: 'no-answer',
  410: 'invalid',
  480: 'no-answer',
  484: 'invalid',
  486: 'busy',
  487: 'cancelled',
  600: 'busy',
  // Whether it is more than a no to this call is for the rules to say: it is a state of its own, no opt-out.
  603: 'declined',
  604: 'invalid',
  607: 'declined',
};

/**
 * What the telephone network behind the trunk says (ITU-T Q.850, in a Reason header, RFC 6432): it knows better than a
 * gateway that answers 480 or 500 to everything.
 */
const OF_CAUSE: Record<number, EndReason> = {
  1: 'invalid', // unallocated number
  17: 'busy',
  18: 'no-answer', // no user responding
  19: 'no-answer', // alerted, no answer
  20: 'no-answer', // subscriber absent
  21: 'declined',
  22: 'invalid', // number changed
  28: 'invalid', // number incomplete
};

/** Why a call did not come to be. */
export function causeOf(answer: SipMessage): EndReason {
  const status = answer.status ?? 500;
  // A 487 is the answer to our own CANCEL, whatever else it says.
  if (status === 487) return 'cancelled';
  const cause = q850In(answer);
  return (cause === undefined ? undefined : OF_CAUSE[cause]) ?? OF_STATUS[status] ?? 'failed';
}

function q850In(message: SipMessage): number | undefined {
  if (!header(message, 'reason')) return undefined;
  const reason = listed(message, 'reason').find((value) => /^q\.850\b/i.test(value));
  const cause = reason && parameter(reason, 'cause');
  return cause && /^\d{1,3}$/.test(cause) ? Number(cause) : undefined;
}
