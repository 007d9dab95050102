import { DomainError, type DomainErrorOptions, type ErrorKind } from '@heed/kernel';

/** Every reason that contacts answers with, what kind of refusal it is, and what to do about it. */
export const ERRORS = {
  CONTACT_NOT_FOUND: ['not-found', 'no contact with this id in this tenant'],
  ENDPOINT_TAKEN: ['already-exists', 'a contact has this address: change that one instead'],
  SUPPRESSED: ['failed-precondition', 'the owner of this address was erased and does not want to come back'],
  ENDPOINT_NOT_FOUND: ['not-found', 'no address of this channel and id belongs to the contact'],
  ENDPOINT_AMBIGUOUS: [
    'failed-precondition',
    'the contact has several addresses of this kind: name the one to be corrected by endpoint_id',
  ],
  LAST_ENDPOINT: [
    'failed-precondition',
    'no address of the contact would be left: give the right one, or have them erased',
  ],
  LIST_NOT_FOUND: ['not-found', 'no list with this id in this tenant'],
  LIST_NAME_TAKEN: ['already-exists', 'another list has this name: choose another'],

  SUBJECT_ERASED: ['failed-precondition', 'the person was erased'],
  CONSENT_OLDER_THAN_OPT_OUT: [
    'failed-precondition',
    'the person opted out after the time stated: only a consent given since can be recorded',
  ],

  OPT_OUT_NOT_FOUND: ['not-found', 'no opt-out with this id in this tenant: its person may be erased'],

  IMPORT_NOT_FOUND: ['not-found', 'no import with this id in this tenant'],
  IMPORT_ENDED: ['failed-precondition', 'the import has ended: there is nothing to cancel'],
  IMPORT_RUNNING: [
    'failed-precondition',
    'the import has not ended: the rejected rows are there when it has',
  ],
  IMPORT_CANCELLED: ['failed-precondition', 'the import was cancelled while the file was being received'],
  REJECTS_EXPIRED: ['not-found', 'rejected rows are kept for seven days: import the file again'],
  CSV_EMPTY: ['invalid-argument', 'the file is empty'],
  CSV_BINARY: ['invalid-argument', 'this is no text file'],
  CSV_NOT_UTF8: ['invalid-argument', 'the text is not in UTF-8: save the file as "CSV UTF-8"'],
  BODY_TOO_LARGE: ['invalid-argument', 'the file is larger than 1 GiB: split it'],
  CSV_NO_HEADER: ['invalid-argument', 'the first line must name the columns, one of them email or phone'],
  CSV_NO_ADDRESS_COLUMN: ['invalid-argument', 'one column must be email or phone'],
  CSV_COLUMN_TWICE: ['invalid-argument', 'two columns have the same name'],
  CSV_HEADER_TOO_LONG: ['invalid-argument', 'more than 200 columns, or a name of more than 100 characters'],
  CSV_WRONG_DELIMITER: ['invalid-argument', 'columns must be separated by comma, semicolon or tab'],
  CSV_QUOTE_NOT_CLOSED: ['invalid-argument', 'a quote is opened and never closed'],
  CSV_ROW_TOO_LONG: ['invalid-argument', 'a row is longer than 64 KiB: a quote or a line end is missing'],
  CSV_MALFORMED: ['invalid-argument', 'the file cannot be read as CSV'],
  UPLOAD_BROKEN_OFF: [
    'aborted',
    'the file did not come to its end: send it again, nothing of it was imported',
  ],

  ROTATION_NOT_FOUND: ['not-found', 'the key of the suppression list was never rotated'],

  SIGN_UP_FORM_NOT_FOUND: ['not-found', 'no form with this id: ask whoever gave it to you'],
  SIGN_UP_FORM_NAME_TAKEN: ['already-exists', 'another form has this name: choose another'],
  SIGN_UP_FORM_CLOSED: ['failed-precondition', 'this form takes no sign-ups at the moment'],
  SIGN_UP_WORDING_CHANGED: [
    'failed-precondition',
    'the words of this form are others by now: show them, and send wording_version as the form has it',
  ],
  SIGN_UP_ORIGIN_REFUSED: [
    'permission-denied',
    'the form does not take sign-ups from this page: add its origin to allowed_origins',
  ],
  SIGN_UP_TOO_MANY: [
    'resource-exhausted',
    'too many sign-ups at once: wait a few minutes, then send it again',
  ],
  SIGN_UP_OVER: [
    'not-found',
    'this can be confirmed no more: 48 hours are over, or the data it was about were deleted; sign up again',
  ],
  SIGN_UP_OUTDATED: [
    'failed-precondition',
    'the words of the form have changed since this was sent: nothing was confirmed, sign up again',
  ],
  SIGN_UP_BUSY: ['aborted', 'somebody changes the same contact at this moment: press the button again'],

  LINK_INVALID: ['not-found', 'this is no link of ours'],

  ETAG_MISMATCH: ['aborted', 'the rules were changed meanwhile: read them again and decide on that'],

  DB_RPO_NOT_ZERO: [
    'failed-precondition',
    'in production permits need a database that loses no opt-out in a failover: set synchronous_standby_names, and synchronous_commit to on',
  ],
  PERMITS_READ_ONLY: ['unavailable', 'this database takes no writes, so it may issue no permits'],
} as const satisfies Record<string, readonly [ErrorKind, string]>;

export type Reason = keyof typeof ERRORS;

export function refusal(reason: Reason, options: Omit<DomainErrorOptions, 'message'> = {}): DomainError {
  const [kind, message] = ERRORS[reason];
  return new DomainError(reason, kind, { message, ...options });
}
