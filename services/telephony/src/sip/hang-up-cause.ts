import { type EndReason } from '../carrier/carrier.js';
import { header, listed, parameter, type SipMessage } from './sip-message.js';

/** The status by which a person says that the call was unwanted. */
export const UNWANTED = 607;

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
  // A no to this call, by a person or by their telephone's "do not disturb".
  603: 'declined',
  604: 'invalid',
  // By a program on the way (RFC 8688): nobody was asked.
  608: 'blocked',
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
  // RFC 8197: a human at the called telephone says that the call was unwanted. Before all else: gateways add the cause of
  // a plain refusal, or pass it on under a plainer status, and a no for good must not become one to this call.
  if (status === UNWANTED || sipCauseIn(answer) === UNWANTED) return 'unwanted';
  // A 487 is the answer to our own CANCEL, whatever else it says.
  if (status === 487) return 'cancelled';
  if (isBlocked(answer)) return 'blocked';
  const cause = q850In(answer);
  return (cause === undefined ? undefined : OF_CAUSE[cause]) ?? OF_STATUS[status] ?? 'failed';
}

const q850In = (message: SipMessage): number | undefined => causeIn(message, /^q\.850\b/i);
const sipCauseIn = (message: SipMessage): number | undefined => causeIn(message, /^sip\b/i);

function causeIn(message: SipMessage, protocol: RegExp): number | undefined {
  if (!header(message, 'reason')) return undefined;
  const reason = listed(message, 'reason').find((value) => protocol.test(value));
  const cause = reason && parameter(reason, 'cause');
  return cause && /^\d{1,3}$/.test(cause) ? Number(cause) : undefined;
}

/** ATIS-1000099: networks that block by analytics say so as a 603 with `text="v=analytics1;..."`. */
function isBlocked(message: SipMessage): boolean {
  const text = /;\s*text\s*=\s*"?v=analytics\d/i;
  return message.status === 603 && listed(message, 'reason').some((value) => text.test(value));
}
