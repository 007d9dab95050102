/** What a sender heard of a message to an address. */
export type Report = 'delivered' | 'hard_bounce' | 'soft_bounce';

export interface EndpointState {
  state: 'reachable' | 'undeliverable';
  /** Code of the report that decided. */
  reason: string;
  /** Passing failures in a row. */
  failures: number;
  heardAt: Date;
}

/** So many passing failures in a row are no passing failure any more: a mailbox that nobody empties. */
export const MOST_FAILURES = 5;

/** Failures further apart than this are not in a row. */
const APART_MS = 30 * 24 * 3_600_000;

/** What is known of an address after another report. One that is undeliverable becomes reachable by a delivery alone. */
export function afterReport(
  before: EndpointState | undefined,
  { report, code, at }: { report: Report; code: string; at: Date },
): EndpointState {
  if (report === 'delivered') return { state: 'reachable', reason: code, failures: 0, heardAt: at };
  if (report === 'hard_bounce') {
    return { state: 'undeliverable', reason: code, failures: before?.failures ?? 0, heardAt: at };
  }
  const inARow = before && at.getTime() - before.heardAt.getTime() <= APART_MS ? before.failures : 0;
  const failures = inARow + 1;
  if (before?.state === 'undeliverable') return { ...before, failures, heardAt: at };
  return {
    state: failures < MOST_FAILURES ? 'reachable' : 'undeliverable',
    reason: code,
    failures,
    heardAt: at,
  };
}
