import { contactsV1 } from '@heed/contracts';
import { isPassing, type DenialReason } from './permit.js';

const { DenialReason: Reason } = contactsV1;

/** Number and rule of each denial, in the words of the contract. */
const DENIALS: Record<DenialReason, [contactsV1.DenialReason, string]> = {
  no_consent: [Reason.DENIAL_REASON_NO_CONSENT, 'consent'],
  opted_out: [Reason.DENIAL_REASON_OPTED_OUT, 'consent'],
  suppressed: [Reason.DENIAL_REASON_SUPPRESSED, 'suppression'],
  no_endpoint: [Reason.DENIAL_REASON_NO_ENDPOINT, 'endpoint'],
  undeliverable: [Reason.DENIAL_REASON_UNDELIVERABLE, 'endpoint'],
  unknown_contact: [Reason.DENIAL_REASON_UNKNOWN_CONTACT, 'contact'],
  stopped: [Reason.DENIAL_REASON_STOPPED, 'request'],
  already_issued: [Reason.DENIAL_REASON_ALREADY_ISSUED, 'single_use'],
  quarantine: [Reason.DENIAL_REASON_QUARANTINE, 'quarantine'],
  too_late: [Reason.DENIAL_REASON_TOO_LATE, 'deadline'],
};

export function denialMessage(reason: DenialReason, at: Date): contactsV1.Denial {
  const [number, rule] = DENIALS[reason];
  return { reason: number, rule, retryAfter: isPassing(reason) ? at.toISOString() : '' };
}
