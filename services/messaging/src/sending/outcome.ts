import { contactsV1 } from '@heed/contracts';
import { type Denial } from '@heed/permits';
import { failed, sent, skipped, unknown, type Conclusion } from '../dispatch/attempt.js';
import { type HandOver } from './hand-over.js';

const Reason = contactsV1.DenialReason;

/** What a denial makes of an attempt: skipped with this reason. Those that pass are not here: they are asked again. */
const SKIPPED_AS: Partial<Record<contactsV1.DenialReason, string>> = {
  [Reason.DENIAL_REASON_NO_CONSENT]: 'no_consent',
  [Reason.DENIAL_REASON_OPTED_OUT]: 'opted_out',
  [Reason.DENIAL_REASON_SUPPRESSED]: 'suppressed',
  [Reason.DENIAL_REASON_NO_ENDPOINT]: 'no_endpoint',
  [Reason.DENIAL_REASON_UNKNOWN_CONTACT]: 'unknown_contact',
  [Reason.DENIAL_REASON_STOPPED]: 'stopped',
};

/** The pause before the first further question, doubled with each. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 30_000;

/** The end of an attempt, or when to ask again. */
export type Next = { end: Conclusion } | { again: Date };

export function afterDenial({ reason, retryAfter }: Denial, putOff: number, at: Date): Next {
  const skippedAs = SKIPPED_AS[reason];
  // What we do not know forbids too; but it may be a newer contacts speaking, so nothing is ended on it.
  if (skippedAs === undefined || retryAfter !== undefined) {
    return { again: later(retryAfter, pauseAfter(putOff), at) };
  }
  return { end: skipped(skippedAs) };
}

/** How long to wait before the next try, after so many. */
export function pauseAfter(times: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** Math.min(times, 20), LONGEST_PAUSE_MS);
}

/**
 * What has begun is concluded, and is not tried again by itself. Before the final dot was written the server has no
 * message, so that is a failure; after it nobody can tell until the server answers. What has not begun waits again.
 */
export function afterHandOver(
  result: HandOver,
  { lateMs, denial, putOff }: { lateMs: number; denial?: Denial; putOff: number },
  at: Date,
): Next {
  // At once the first time: whoever was voided is denied by the next answer. Then slower: a contacts that answers too
  // late for its permits to be of use is not helped by more questions (ATTACKS 2.13).
  const again = later(undefined, putOff === 0 ? 0 : pauseAfter(putOff), at);
  switch (result.kind) {
    case 'accepted':
      return { end: sent(lateMs) };
    case 'refused':
      return { end: failed(result.reason, lateMs) };
    case 'withheld': {
      if (result.stage === 'not-begun') return { again };
      const skippedAs = denial && SKIPPED_AS[denial.reason];
      return { end: skippedAs === undefined ? failed('permit_expired', lateMs) : skipped(skippedAs) };
    }
    case 'lost':
      if (result.stage === 'not-begun') return { again };
      return {
        end:
          result.stage === 'begun' ? failed('connection_lost', lateMs) : unknown('connection_lost', lateMs),
      };
  }
}

function later(retryAfter: Date | undefined, pauseMs: number, at: Date): Date {
  const earliest = at.getTime() + pauseMs;
  return new Date(Math.max(retryAfter?.getTime() ?? 0, earliest));
}
