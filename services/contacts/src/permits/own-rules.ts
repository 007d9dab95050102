import { covers, scopeText, type ContactRules, type FrequencyCap } from '../contact-rules/contact-rules.js';
import { fullAt, type Taken } from '../contact-rules/frequency.js';
import { openingAt } from '../contact-rules/opening-hours.js';
import { LIFETIME_MS, type Ask, type Refusal } from './permit.js';

/** What the tenant's hours leave of a permit. */
export type Hours = { lifetimeMs: number; refusal?: undefined } | { lifetimeMs: 0; refusal: Refusal };

/**
 * What hours make of asks at this moment. Of a batch most are about one channel and purpose: each is looked at once.
 * A permit ends with the hours (ATTACKS 2.14): one of 20:59:59.9 is worth nothing at 21:00.
 */
export function hoursFor({ hours }: ContactRules, at: Date): (ask: Ask) => Hours {
  const known = new Map<string, Hours>();
  return (ask) => {
    const key = `${ask.channel}/${ask.purpose}`;
    let found = known.get(key);
    if (found === undefined) {
      found = hours.length === 0 ? { lifetimeMs: LIFETIME_MS } : hoursAt(hours, ask, at);
      known.set(key, found);
    }
    return found;
  };
}

function hoursAt(hours: ContactRules['hours'], ask: Ask, at: Date): Hours {
  const opening = openingAt(hours, ask, at);
  const lifetimeMs = opening.isOpen
    ? Math.min(LIFETIME_MS, Math.floor((opening.closesAt?.getTime() ?? Infinity) - at.getTime()))
    : 0;
  if (lifetimeMs > 0) return { lifetimeMs };
  const retryAfter = opening.isOpen ? opening.closesAt : opening.opensAt;
  const closed = hours.filter((rule) => covers(rule, ask)).map(scopeText);
  const ownRule = `contact hours (${[...new Set(closed)].join('; ')})`;
  return { lifetimeMs: 0, refusal: { denied: 'outside_hours', retryAfter, ownRule } };
}

/** Caps that count an ask. */
export function capsOn({ caps }: ContactRules, ask: Ask): FrequencyCap[] {
  return caps.filter((cap) => covers(cap, ask));
}

/** The refusal of a cap that has no room left, if there is one. */
export function refusalByCap(
  rules: ContactRules,
  ask: Ask,
  taken: readonly Taken[],
  at: Date,
): Refusal | undefined {
  const full = fullAt(rules.caps, ask, taken, at);
  if (!full) return undefined;
  const { most, periodHours } = full.cap;
  const ownRule = `at most ${most} in ${periodHours} h (${scopeText(full.cap)})`;
  return { denied: 'frequency_cap', retryAfter: full.freeAt, ownRule };
}
