import { invalidArgument } from './domain-error.js';

/** When something must have happened to be listed. */
export interface TimeSpan {
  /** At this time or later. */
  from?: Date;
  /** Before this time. */
  until?: Date;
}

/**
 * The span that a filter asks for by two fields, `<what>_after` and `<what>_before`; either may be empty. That each is a
 * time was seen by their rules in the contract.
 */
export function timeSpan(what: string, after: string, before: string): TimeSpan {
  const span = { ...(after && { from: new Date(after) }), ...(before && { until: new Date(before) }) };
  if (span.from && span.until && span.from >= span.until) {
    throw invalidArgument({ field: `${what}_before`, reason: 'TIMES_REVERSED' });
  }
  return span;
}
