import { contactsV1 } from '@heed/contracts';
import { type Denial } from './permit-desk.js';

const Reason = contactsV1.DenialReason;

const CODES: Partial<Record<contactsV1.DenialReason, string>> = {
  [Reason.DENIAL_REASON_NO_CONSENT]: 'no_consent',
  [Reason.DENIAL_REASON_OPTED_OUT]: 'opted_out',
  [Reason.DENIAL_REASON_SUPPRESSED]: 'suppressed',
  [Reason.DENIAL_REASON_NO_ENDPOINT]: 'no_endpoint',
  [Reason.DENIAL_REASON_UNDELIVERABLE]: 'undeliverable',
  [Reason.DENIAL_REASON_UNKNOWN_CONTACT]: 'unknown_contact',
  [Reason.DENIAL_REASON_STOPPED]: 'stopped',
  [Reason.DENIAL_REASON_RESTRICTED]: 'restricted',
  [Reason.DENIAL_REASON_NOT_ASKED]: 'not_asked',
  [Reason.DENIAL_REASON_CONFIRMATION_NOT_DUE]: 'confirmation_not_due',
  [Reason.DENIAL_REASON_CONFIRMATION_TOO_LATE]: 'confirmation_too_late',
  [Reason.DENIAL_REASON_FREQUENCY_CAP]: 'frequency_cap',
  [Reason.DENIAL_REASON_OUTSIDE_HOURS]: 'outside_hours',
};

/**
 * The code with which a denial ends an attempt as skipped, or undefined where it is worth asking again: where it passes,
 * and no later than the sender would wait (default: for as long as it takes). A reason that we do not know forbids too;
 * but a newer contacts may be speaking, so nothing is ended on it.
 */
export function skipReasonOf({ reason, retryAfter }: Denial, patientUntil?: Date): string | undefined {
  const passes = retryAfter !== undefined && !(patientUntil && retryAfter > patientUntil);
  return passes ? undefined : CODES[reason];
}
