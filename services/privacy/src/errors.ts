import { DomainError, type DomainErrorOptions, type ErrorKind } from '@heed/kernel';

/** Every reason that privacy answers with, what kind of refusal it is, and what to do about it. */
export const ERRORS = {
  REQUEST_NOT_FOUND: ['not-found', 'no request with this id in this tenant'],
  REQUEST_NOT_COMPLETED: ['failed-precondition', 'the request is still open: watch it until it is completed'],
  SUBJECT_NOT_FOUND: ['not-found', 'nobody is known by what was given'],
  SUBJECT_AMBIGUOUS: [
    'failed-precondition',
    'several people are known by what was given: name one by subject_id',
  ],
  STOP_UNAVAILABLE: ['unavailable', 'contacts did not stop permits, so nothing was kept: try again'],
  NOT_RESTRICTED: ['failed-precondition', 'nothing of this person is restricted: there is nothing to lift'],
  LIFT_UNDER_WAY: [
    'failed-precondition',
    'a restriction of this person is being lifted: wait until that request has ended',
  ],
  ERASURE_UNDER_WAY: [
    'failed-precondition',
    'an erasure of this person is under way, and what is gone can be neither restricted nor corrected',
  ],
  CORRECTION_UNDER_WAY: [
    'failed-precondition',
    'another correction of this person is under way: ask again when it has ended',
  ],
  CORRECTION_NEEDS_ALL: [
    'failed-precondition',
    'a store that is silent would never learn what to correct, since the values go with the request: see why it is',
  ],
  SUBJECT_ERASED: ['failed-precondition', 'the person was erased: nothing is left to correct'],
  NOTHING_TO_TELL: ['failed-precondition', 'the request does not wait for its person to be told anything'],

  NOT_IN_REVIEW: ['failed-precondition', 'the request waits for nobody to approve it'],
  SECOND_PERSON_NEEDED: [
    'failed-precondition',
    'whoever took a request cannot approve it here: ask another member, or whoever may change the review rules',
  ],
  REQUEST_ENDED: ['failed-precondition', 'the request has ended: ask anew'],
  NOTHING_MISSING: [
    'failed-precondition',
    'nothing is missing, or nothing was ordered yet: the request goes on by itself',
  ],
  ORDERS_ARE_OUT: [
    'failed-precondition',
    'a service may have begun: the request goes on to its end; what was restricted is lifted by a request of its own',
  ],
  HOLD_NOT_FOUND: ['not-found', 'no hold with this id in this tenant: list them by heed holds list'],
  GROUND_OF_OTHER_RIGHT: [
    'failed-precondition',
    'the law knows this ground against requests of another right: the contract says which against which',
  ],
  NOTHING_CERTIFIED: [
    'failed-precondition',
    'the request was refused or taken back: nothing was done that could be certified',
  ],
  ACCESS_NEEDS_ALL: [
    'failed-precondition',
    'a copy of what is held is handed out whole: see why the store is silent',
  ],
  ALREADY_EXTENDED: ['failed-precondition', 'the law allows one extension, and this request has had it'],
  TOO_LATE_TO_EXTEND: [
    'failed-precondition',
    'the request was due already: whoever asked had to be told of an extension before',
  ],

  MANIFEST_UNAVAILABLE: ['unavailable', 'a service has not said yet what it holds: try again'],
  MANIFEST_SHRUNK: [
    'failed-precondition',
    'a service declares less than before: no request begins until the store is declared again, as it was or as retired',
  ],
  MANIFEST_NOT_FOUND: ['not-found', 'no service of this name has shown a manifest of this version'],
  STORE_NOT_FOUND: ['not-found', 'no store of this name is in the data map of this service'],
  MANIFEST_UNSIGNED: ['failed-precondition', 'a manifest is not signed by its service'],
  MANIFEST_MALFORMED: [
    'invalid-argument',
    'a manifest is not of the form that docs/join.md describes: the metadata says where',
  ],
  HANDLE_NOT_FOUND: ['not-found', 'no open request has this handle'],
  PACKAGE_NOT_FOUND: ['not-found', 'the package was destroyed when its days were over: ask for access again'],

  RECEIPT_KEY_UNKNOWN: [
    'failed-precondition',
    'a receipt is signed by a key that is not known as its service’s',
  ],
  RECEIPT_FORGED: ['failed-precondition', 'a receipt is not signed by the key that it names'],
  RECEIPT_UNASKED: [
    'failed-precondition',
    'a receipt answers a batch that was never issued, or not to this service',
  ],
  RECEIPT_DIFFERS: ['failed-precondition', 'a service serves another receipt than it has published'],
  RECEIPT_DOES_NOT_OPEN: ['failed-precondition', 'an opening is not in its receipt, or says something else'],
  RECEIPT_OF_OTHER_MANIFEST: [
    'failed-precondition',
    'a service worked by a manifest that does not cover what the request is pinned to',
  ],
  RECEIPT_ANSWERED: ['failed-precondition', 'the batch was answered by another receipt: that one stands'],
  RECEIPT_ID_TAKEN: ['failed-precondition', 'another receipt has this id: each has one of its own'],
  RECEIPT_OUT_OF_ORDER: [
    'failed-precondition',
    'a probe is dated before the erasure that it looks for: set the clock right and sign anew',
  ],
  RECEIPT_KEY_REVOKED: [
    'failed-precondition',
    'a receipt is signed by a key that was revoked: the service signs anew with the key that follows it',
  ],
  ANSWER_NOT_ALLOWED: [
    'failed-precondition',
    'a store answers with a word, count, detail, digest or time that its order does not allow',
  ],
  EXPORT_ALTERED: ['failed-precondition', 'an export is not what its service has signed for'],

  LOG_FORKED: [
    'failed-precondition',
    'the log does not contain a checkpoint that it has signed: its database was put back; see docs/runbooks/log-forked.md',
  ],
  LOG_CONSISTENT: [
    'failed-precondition',
    'the log holds all that its witnesses remember: it goes on, and no new origin is begun',
  ],
  LOG_KEY_OF_ANOTHER: ['failed-precondition', 'the log knows this key as that of another service'],
  WITNESS_SILENT: [
    'unavailable',
    'a service does not say what it remembers of the log: start it, then ask again',
  ],
  SWEEP_NOT_FOUND: [
    'not-found',
    'no sweep with this id goes on: a new one begins at night, or by heed sweep run',
  ],
  SWEEP_DOES_NOT_OPEN: [
    'failed-precondition',
    'what a service says that its sweep found is not what it has signed, or not about those it was asked for',
  ],
  HIT_NOT_FOUND: ['not-found', 'no hit with this id in this tenant: list them by heed probes hits list'],
  HIT_RESOLVED: ['failed-precondition', 'somebody else has said otherwise of this hit already'],

  PROCESSOR_ORDER_NOT_FOUND: [
    'not-found',
    'no erasure is passed on under this number in this tenant: list them by heed processors orders',
  ],
  REQUEST_IS_CLOSING: [
    'unavailable',
    'what is said of the request is being written into the log: try again in a moment',
  ],
  PROCESSOR_HAS_COMPLETED: [
    'failed-precondition',
    'the processor has said that all is gone: that word stands',
  ],

  PARTICIPANT_UNKNOWN: ['failed-precondition', 'no participant of this name is enrolled'],
  PARTICIPANT_KEY_DIFFERS: [
    'failed-precondition',
    'the participant is enrolled with another key: it changes its key itself, or heed join rekey does where that is lost',
  ],
  PARTICIPANT_KEY_TAKEN: [
    'failed-precondition',
    'the key is that of a service or of another participant: each has a key of its own',
  ],
  PARTICIPANT_TENANTS_FEWER: [
    'failed-precondition',
    'the participant would serve fewer tenants than before: only its own retirement lets it go',
  ],
  PARTICIPANT_RETIRED: ['failed-precondition', 'the participant has retired: enrol it under another name'],
  KEY_CHANGE_UNSIGNED: [
    'failed-precondition',
    'a change of key is not signed by the key before and by the new one, or is not about them',
  ],
  RETIREMENT_WITHOUT_RECEIPT: [
    'failed-precondition',
    'who retires says of each store of the last manifest what remains: the metadata names one of which it does not (docs/join.md)',
  ],
  RETIREMENT_UNSIGNED: [
    'failed-precondition',
    'a retirement is not signed by the participant, or is not about its last manifest',
  ],
  CURSOR_AHEAD: [
    'failed-precondition',
    'nothing was issued at this position yet: the installation was put back; pull after the position in the metadata',
  ],
  CURSOR_EXPIRED: [
    'failed-precondition',
    'orders after this position are not kept any more: pull from the oldest, which the metadata names',
  ],
} as const satisfies Record<string, readonly [ErrorKind, string]>;

export type Reason = keyof typeof ERRORS;

export function refusal(reason: Reason, options: Omit<DomainErrorOptions, 'message'> = {}): DomainError {
  const [kind, message] = ERRORS[reason];
  return new DomainError(reason, kind, { message, ...options });
}
