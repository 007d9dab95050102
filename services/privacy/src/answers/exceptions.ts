import { type ActionName } from '@heed/data-rights';
import { type MissingProcessor } from '../processors/processor-order.store.js';
import { DEMANDED, type Right } from '../requests/request.js';

/** What is missing of a request that a member closed all the same, as its certificate says it. */
export interface Exception {
  action: ActionName;
  service: string;
  /** RFC 3339 time since which an answer is awaited. */
  since: string;
  /** No answer; an answer that something was found; or that somebody else has something, who was not told, or said no. */
  why: 'open' | 'found' | MissingProcessor['why'];
}

export interface SaidSoFar {
  action: ActionName;
  service: string;
  found: boolean;
}

/** By service and action: whatever every service had to answer and has not, or has answered with a find. */
export function exceptionsOf(
  right: Right,
  services: readonly string[],
  said: readonly SaidSoFar[],
  asked: ReadonlyMap<ActionName, Date>,
  at: Date,
  processors: readonly MissingProcessor[] = [],
): Exception[] {
  return [...services].sort().flatMap((service) =>
    DEMANDED[right].flatMap((action): Exception[] => {
      const answer = said.find((given) => given.service === service && given.action === action);
      const missing = action === 'ERASE' && processors.find((one) => one.service === service);
      // What was said before it was asked anew counts no more, and so who was named then.
      if (answer && missing)
        return [{ action, service, since: missing.since.toISOString(), why: missing.why }];
      if (answer && !answer.found) return [];
      const since = (asked.get(action) ?? at).toISOString();
      return [{ action, service, since, why: answer ? 'found' : 'open' }];
    }),
  );
}
