export type IntentState = 'planned' | 'deferred' | 'dispatched' | 'concluded';

export type Outcome = 'sent' | 'skipped' | 'failed' | 'unknown';

/** Where an intent is counted: one of the open states, or how it ended. */
export type Place = Exclude<IntentState, 'concluded'> | Outcome;

/** What became of each intent. Always: audience = sent + skipped + failed + unknown + open. */
export interface Ledger {
  audience: bigint;
  sent: bigint;
  skipped: bigint;
  skippedByReason: Record<string, bigint>;
  failed: bigint;
  unknown: bigint;
  open: bigint;
  /** Of the open ones: wait for their time. */
  deferred: bigint;
}

/** So many intents of a step are counted elsewhere from now on; from nowhere: they are new. */
export interface Change {
  campaignId: string;
  step: number;
  from: Place | null;
  to: Place;
  /** Why they were skipped. */
  reason?: string | null;
  n: number;
}

/** An intent that has just been concluded, and where it stood before. */
export interface Conclusion {
  campaignId: string;
  step: number;
  /** `unknown` where somebody found out what became of it. */
  was: Place;
  outcome: Outcome;
  reason: string | null;
  intentId: string | null;
  contactId: string | null;
  /** It was heard before that it came back. */
  bounced?: boolean;
}

const COUNTERS = [
  'audience',
  'sent',
  'skipped',
  'failed',
  'unknown',
  'open',
  'inFlight',
  'deferred',
] as const;
type Counter = (typeof COUNTERS)[number];

/** By how much the counters of one step move, and with them those of its campaign. */
export interface Movement extends Record<Counter, number> {
  campaignId: string;
  step: number;
  skips: Map<string, number>;
}

/** The counters that an intent stands in, beside that of the audience. */
const COUNTED_IN: Record<Place, readonly Counter[]> = {
  planned: ['open'],
  deferred: ['open', 'deferred'],
  dispatched: ['open', 'inFlight'],
  sent: ['sent'],
  skipped: ['skipped'],
  failed: ['failed'],
  unknown: ['unknown'],
};

/** The movements that follow from changes: one a step, in order of id, as locks are taken. */
export function movementsOf(changes: readonly Change[]): Movement[] {
  const movements = new Map<string, Movement>();
  for (const { campaignId, step, from, to, reason, n } of changes) {
    if (n === 0) continue;
    const key = `${campaignId} ${step}`;
    const movement = movements.get(key) ?? stillStanding(campaignId, step);
    movements.set(key, movement);
    if (from === null) movement.audience += n;
    else for (const counter of COUNTED_IN[from]) movement[counter] -= n;
    for (const counter of COUNTED_IN[to]) movement[counter] += n;
    if (to === 'skipped') {
      const why = reason ?? 'unstated';
      movement.skips.set(why, (movement.skips.get(why) ?? 0) + n);
    }
  }
  return [...movements].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, movement]) => movement);
}

export function changeOf({ campaignId, step, was, outcome, reason }: Conclusion): Change {
  return { campaignId, step, from: was, to: outcome, reason, n: 1 };
}

function stillStanding(campaignId: string, step: number): Movement {
  const zero = Object.fromEntries(COUNTERS.map((counter) => [counter, 0])) as Record<Counter, number>;
  return { campaignId, step, ...zero, skips: new Map() };
}
