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
  const ownRule = ruleOfHours({ hours }, ask);
  return { lifetimeMs: 0, refusal: { denied: 'outside_hours', retryAfter, ownRule } };
}

/** For people to read: the hours that an ask is held to; undefined where it is held to none. */
export function ruleOfHours({ hours }: Pick<ContactRules, 'hours'>, ask: Ask): string | undefined {
  const scopes = new Set(hours.filter((rule) => covers(rule, ask)).map(scopeText));
  return scopes.size === 0 ? undefined : `contact hours (${[...scopes].join('; ')})`;
}

/** The same of a cap. */
export function ruleOfCap(cap: FrequencyCap): string {
  return `at most ${cap.most} in ${cap.periodHours} h (${scopeText(cap)})`;
}

/** Caps that count an ask. */
export function capsOn({ caps }: Pick<ContactRules, 'caps'>, ask: Ask): FrequencyCap[] {
  return caps.filter((cap) => covers(cap, ask));
}

/** The refusal of a cap that has no room left, if there is one. */
export function refusalByCap(
  caps: readonly FrequencyCap[],
  ask: Ask,
  taken: readonly Taken[],
  at: Date,
): Refusal | undefined {
  const full = fullAt(caps, ask, taken, at);
  return full && { denied: 'frequency_cap', retryAfter: full.freeAt, ownRule: ruleOfCap(full.cap) };
}
