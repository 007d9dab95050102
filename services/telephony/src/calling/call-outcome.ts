import { contactsV1 } from '@heed/contracts';
import { skipReasonOf, type Denial } from '@heed/permits';
import { answered, failed, skipped, unknown, type CallEnd, type EndedBy } from '../calls/call.js';
import { type CarrierCall, type EndReason } from '../carrier/carrier.js';

const Reason = contactsV1.DenialReason;

/** Denials that pass by themselves, in the words that a call ends with if they do not pass soon enough. */
const PASSING: Partial<Record<contactsV1.DenialReason, string>> = {
  [Reason.DENIAL_REASON_ALREADY_ISSUED]: 'already_issued',
  [Reason.DENIAL_REASON_QUARANTINE]: 'quarantine',
  [Reason.DENIAL_REASON_TOO_LATE]: 'too_late',
};

/** The end of the call, or that it is worth asking again as long as somebody waits for it. */
export type AfterDenial = { end: CallEnd } | { askAgain: string };

/** Who placed a call waits for it for seconds: what a rule forbids for longer than that ends it. */
export function afterDenial(denial: Denial, patientUntil: Date): AfterDenial {
  const skippedAs = skipReasonOf(denial, patientUntil);
  return skippedAs === undefined
    ? { askAgain: PASSING[denial.reason] ?? 'denied' }
    : { end: skipped(skippedAs) };
}

const FAILED_AS: Record<Exclude<EndReason, 'silent'>, string> = {
  busy: 'busy',
  'no-answer': 'no_answer',
  cancelled: 'cancelled',
  declined: 'declined',
  unwanted: 'unwanted',
  blocked: 'blocked',
  invalid: 'invalid_number',
  // A conversation that was never answered: the carrier contradicts itself, and nobody was reached.
  completed: 'carrier_failed',
  'hung-up': 'carrier_failed',
  failed: 'carrier_failed',
};

/** How a call ended that the carrier says is over. `hungUp` is why we ended it, where we did. */
export function endOf({ endReason, answeredAt, endedAt }: CarrierCall, hungUp?: string): CallEnd {
  if (answeredAt) {
    // Two times of one clock; whatever it did in between, nobody spoke for less than no time.
    const durationMs = Math.max(0, (endedAt ?? answeredAt).getTime() - answeredAt.getTime());
    return answered(durationMs, endedBy(endReason, hungUp));
  }
  if (endReason === 'cancelled' && hungUp) return failed(hungUp);
  // Asked, and never a word: a phone may have rung.
  if (endReason === 'silent') return unknown('carrier_silent');
  return failed(FAILED_AS[endReason ?? 'failed']);
}

/** Why we hang up, in the words of `endOf`, and whom it makes the one who ended the conversation. */
const HUNG_UP_BY: Record<string, EndedBy> = {
  opted_out: 'key',
  revocation: 'revocation',
  // It rang when they were heard, and was taken up all the same.
  revoked: 'revocation',
  erased: 'erasure',
};

function endedBy(endReason: EndReason | undefined, hungUp: string | undefined): EndedBy {
  if (endReason === 'completed') return 'other_side';
  if (hungUp) return HUNG_UP_BY[hungUp] ?? 'shutdown';
  return 'time_limit';
}

/** What is said first. Whoever is recorded is told before they say anything. */
export function scriptFor(wantsRecording: boolean): string {
  return wantsRecording ? 'This call is recorded.' : '';
}
