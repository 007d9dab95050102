import { typesV1, type contactsV1 } from '@heed/contracts';
import { type OwnDenialReason } from '@heed/permits';
import { type Right } from '../requests/request.js';

/** What a requester is told by mail. */
export type Notice =
  | 'request_received'
  | 'request_completed'
  | 'restriction_ending'
  | 'request_extended'
  | 'request_refused'
  | 'request_cancelled'
  | 'request_held';

export const WIRE_NOTICE: Record<Notice, typesV1.Notice> = {
  request_received: typesV1.Notice.NOTICE_REQUEST_RECEIVED,
  request_completed: typesV1.Notice.NOTICE_REQUEST_COMPLETED,
  restriction_ending: typesV1.Notice.NOTICE_RESTRICTION_ENDING,
  request_extended: typesV1.Notice.NOTICE_REQUEST_EXTENDED,
  request_refused: typesV1.Notice.NOTICE_REQUEST_REFUSED,
  request_cancelled: typesV1.Notice.NOTICE_REQUEST_CANCELLED,
  request_held: typesV1.Notice.NOTICE_REQUEST_HELD,
};

/** What a request's requester hears first, and when it is done; undefined: nothing. */
export const FIRST_NOTICE: Record<Right, Notice> = {
  ERASURE: 'request_received',
  ACCESS: 'request_received',
  RESTRICTION: 'request_received',
  LIFT: 'restriction_ending',
  CORRECTION: 'request_received',
};

/** LAW: GDPR Art. 12(3): they are to be informed of what is done about their request. No consent is asked for it. */
export const REQUEST_PURPOSE = 'request';

export const NOTICE_FIELDS = ['request', 'what', 'received', 'due', 'why'] as const;

/** A mail that has not left by then tells nothing new. */
export const WORTH_TELLING_MS = 3 * 24 * 3_600_000;
/** How long after a request's end its requester is known: time to tell them, and to be asked again by them. */
export const KNOWN_AFTER_END_MS = 7 * 24 * 3_600_000;

export const SUBJECT_KIND = 'requester';

/** In words that stand in a mail. */
const WHAT: Record<Right, string> = {
  ERASURE: 'to delete your data',
  ACCESS: 'for a copy of your data',
  RESTRICTION: 'that your data be kept and not used',
  LIFT: 'that your data be used again',
  CORRECTION: 'that your data be corrected',
};

/** As it stands in a mail. Of an erasure it says whether hashes stay: who asked must be able to ask otherwise. */
export function whatWasAsked({ right, objects }: { right: Right; objects: boolean }): string {
  if (right !== 'ERASURE') return WHAT[right];
  return objects
    ? `${WHAT[right]} and not to be written to again (for that, keyed hashes of your addresses stay)`
    : `${WHAT[right]}, and that no hash of your addresses stay`;
}

/** Why a requester is not written to; undefined where they are. */
export function denialOf(
  { channel, purpose }: Pick<contactsV1.PermitAsk, 'channel' | 'purpose'>,
  known: { expiresAt: Date | null; address: Buffer | null },
  at: Date,
): OwnDenialReason | undefined {
  if (known.address === null) return 'unknown';
  if (channel !== typesV1.Channel.CHANNEL_EMAIL) return 'no_endpoint';
  if (known.expiresAt === null || purpose !== REQUEST_PURPOSE) return 'not_asked';
  return at < known.expiresAt ? undefined : 'not_asked';
}
