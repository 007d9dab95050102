import { contactsV1 } from '@heed/contracts';

/**
 * Why one of an issuer's own people is not reached.
 * - `unknown`: no such person, erased, or their account is closed.
 * - `not_asked`: the issuer has nothing to tell them, or its time is over.
 */
export type OwnDenialReason = 'unknown' | 'not_asked' | 'no_endpoint' | 'already_issued' | 'too_late';

const { DenialReason: Reason } = contactsV1;

const WORDS: Record<OwnDenialReason, Omit<contactsV1.Denial, 'retryAfter'>> = {
  unknown: {
    reason: Reason.DENIAL_REASON_UNKNOWN_CONTACT,
    rule: 'person',
    citation: 'Heed: there is no such person',
  },
  not_asked: {
    reason: Reason.DENIAL_REASON_NOT_ASKED,
    rule: 'message',
    citation: 'Heed: there is nothing to tell them, or not any more',
  },
  no_endpoint: {
    reason: Reason.DENIAL_REASON_NO_ENDPOINT,
    rule: 'endpoint',
    citation: 'Heed: there is no address on this channel',
  },
  already_issued: {
    reason: Reason.DENIAL_REASON_ALREADY_ISSUED,
    rule: 'single_use',
    citation: 'Heed: a permit serves once',
  },
  too_late: {
    reason: Reason.DENIAL_REASON_TOO_LATE,
    rule: 'deadline',
    citation: 'Heed: in doubt nobody is contacted',
  },
};

export function ownDenial(reason: OwnDenialReason, at: Date): contactsV1.Denial {
  // Ask again at once: the answer came too late to be of use, nothing else was wrong.
  return { ...WORDS[reason], retryAfter: reason === 'too_late' ? at.toISOString() : '' };
}
