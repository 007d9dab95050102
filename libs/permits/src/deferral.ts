import { contactsV1 } from '@heed/contracts';
import { type Denial } from './permit-desk.js';

/** What passes sooner is waited for by the sender itself. */
const WORTH_GIVING_BACK_MS = 5_000;
/** Whoever was put off so often is left alone. */
const MOST_DEFERRALS = 20;
/** Nobody expects a message that was due so long ago. */
const LONGEST_WAIT_MS = 60 * 24 * 3_600_000;

/** The attempt goes back to whoever asked for it until then; or ends as skipped, for it came back too often or too long. */
export type Deferral = { until: Date; reason: string } | { skipped: string };

/** Undefined where the denial is for good, or passes so soon that it is worth waiting for. */
export function deferralOf(
  { reason, retryAfter }: Pick<Denial, 'reason' | 'retryAfter'>,
  { deferrals, at }: { deferrals: number; at: Date },
): Deferral | undefined {
  const waitMs = (retryAfter?.getTime() ?? 0) - at.getTime();
  if (retryAfter === undefined || waitMs <= WORTH_GIVING_BACK_MS) return undefined;
  const code = denialCode(reason);
  if (deferrals >= MOST_DEFERRALS || waitMs > LONGEST_WAIT_MS) return { skipped: code };
  return { until: retryAfter, reason: code };
}

/** `DENIAL_REASON_QUIET_HOURS` is `quiet_hours`. One that a newer contacts knows and we do not is `denied`. */
function denialCode(reason: contactsV1.DenialReason): string {
  const name: string | undefined = contactsV1.DenialReason[reason];
  return name?.startsWith('DENIAL_REASON_') ? name.slice('DENIAL_REASON_'.length).toLowerCase() : 'denied';
}
