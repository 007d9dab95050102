import { deferralOf, skipReasonOf, type Denial } from '@heed/permits';
import { failed, sent, skipped, unknown, type Conclusion } from '../dispatch/attempt.js';
import { type DomainWait } from './domain-pace.js';
import { type Bounce, type HandOver } from './hand-over.js';

/** The pause before the first further question, doubled with each. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 30_000;
const LONGEST_BUSY_MS = 15 * 60_000;

/** What passes sooner is waited for here. */
const WORTH_GIVING_BACK_MS = 5_000;
/** Whoever was put off so often is left alone. */
const MOST_DEFERRALS = 20;
/** A receipt that comes a day later is no use to anybody, nor one whose mail server has said for an hour that it is busy. */
const LONGEST_WAIT_MS = 24 * 3_600_000;
const MOST_WAITS = 100;

/** A server that is slower than permits are renewed, ten times over, is not going to take this message. */
const MOST_WITHHELD = 10;

/** Domains are looked at once a day, and by whoever mended them; a campaign is not asked for less than that. */
const FAILING_PAUSE_MS = 3_600_000;

/**
 * The end of an attempt, or when to ask again, or until when it goes back to its campaign; and by how much what was
 * written of it so far was late. What waits for something of our own is `uncounted`: it is no sign that nobody will ever
 * take it.
 */
export type Next =
  | { end: Conclusion; bounce?: Bounce }
  | { again: Date; lateMs?: number; uncounted?: true }
  | { until: Date; reason: string; lateMs?: number };

export function afterDenial(
  denial: Denial,
  { putOff, deferrals }: { putOff: number; deferrals: number },
  at: Date,
): Next {
  const deferral = deferralOf(denial, { deferrals, at });
  if (deferral) return 'skipped' in deferral ? { end: skipped(deferral.skipped) } : deferral;
  const reason = skipReasonOf(denial);
  if (reason !== undefined) return { end: skipped(reason) };
  return { again: later(denial.retryAfter, pauseAfter(putOff), at) };
}

/**
 * What has a permit, and whose domain takes nothing now. A limit of our own is waited for here, since it is our own
 * doing; what a server asks for is a deferral, for as long as it takes (docs/starts.md: nothing has begun).
 */
export function afterDomainWait(
  { ms, reason }: DomainWait,
  { deferrals }: { deferrals: number },
  at: Date,
): Next {
  const until = new Date(at.getTime() + ms);
  if (reason === 'limit') return { again: until, uncounted: true };
  if (ms <= WORTH_GIVING_BACK_MS) return { again: until };
  if (deferrals >= MOST_DEFERRALS) return { end: skipped('mail_server_busy') };
  return { until, reason: 'mail_server_busy' };
}

/**
 * Of a domain that was verified and fails: a record of it was changed, as likely by mistake as not, and its owner sees it
 * (`heed domains list --state failing`). What is to leave from it waits for that, most of a day.
 */
export function afterFailingDomain({ deferrals }: { deferrals: number }, at: Date): Next {
  const reason = 'sender_domain_failing';
  if (deferrals >= MOST_DEFERRALS) return { end: skipped(reason) };
  return { until: new Date(at.getTime() + FAILING_PAUSE_MS), reason };
}

/** A single message has no campaign to go back to: it waits here, and not for ever. */
export function ofNobody(next: Next, { putOff }: { putOff: number }, at: Date): Next {
  if (!('until' in next)) return next;
  const { until, reason, lateMs = 0 } = next;
  const isWorthIt = putOff < MOST_WAITS && until.getTime() - at.getTime() <= LONGEST_WAIT_MS;
  return isWorthIt ? { again: until, lateMs } : { end: skipped(reason, lateMs) };
}

/** How long to wait before the next try, after so many. */
export function pauseAfter(times: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** Math.min(times, 20), LONGEST_PAUSE_MS);
}

/**
 * What a connection took with it once it had begun is concluded, and not tried again by itself. Before the final dot the
 * server has no message, so that is a failure; after it nobody can tell until the server answers. What has not begun, or
 * was withheld by ourselves for want of a permit in time, waits again; but not for ever.
 */
export function afterHandOver(
  result: HandOver,
  {
    lateMs,
    denial,
    putOff,
    deferrals,
  }: { lateMs: number; denial?: Denial; putOff: number; deferrals: number },
  at: Date,
): Next {
  // At once the first time: whoever was voided is denied by the next answer. Then slower: a contacts that answers too
  // late for its permits to be of use is not helped by more questions (ATTACKS 2.13).
  const again = later(undefined, putOff === 0 ? 0 : pauseAfter(putOff), at);
  switch (result.kind) {
    case 'accepted':
      return { end: sent(lateMs) };
    case 'refused':
      return { end: failed(result.reason, lateMs), ...(result.bounce && { bounce: result.bounce }) };
    case 'put-off':
      return afterDomainWait({ ms: busyFor(putOff, deferrals), reason: 'back_off' }, { deferrals }, at);
    case 'withheld': {
      if (result.stage === 'not-begun') return { again };
      const skippedAs = denial && skipReasonOf(denial);
      if (skippedAs !== undefined) return { end: skipped(skippedAs, lateMs) };
      return putOff < MOST_WITHHELD ? { again, lateMs } : { end: failed('permit_expired', lateMs) };
    }
    case 'lost':
      if (result.stage === 'not-begun') return { again };
      return {
        end:
          result.stage === 'begun' ? failed('connection_lost', lateMs) : unknown('connection_lost', lateMs),
      };
  }
}

/** Longer with each time that it was put off here, and with each that it came back from its campaign. */
function busyFor(putOff: number, deferrals: number): number {
  if (deferrals === 0) return pauseAfter(putOff);
  return Math.min(LONGEST_PAUSE_MS * 2 ** Math.min(deferrals, 20), LONGEST_BUSY_MS);
}

function later(retryAfter: Date | undefined, pauseMs: number, at: Date): Date {
  const earliest = at.getTime() + pauseMs;
  return new Date(Math.max(retryAfter?.getTime() ?? 0, earliest));
}
