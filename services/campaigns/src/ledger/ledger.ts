export type IntentState = 'planned' | 'dispatched' | 'concluded';

export type Outcome = 'sent' | 'skipped' | 'failed' | 'unknown';

/** What became of each intent. Always: audience = sent + skipped + failed + unknown + open. */
export interface Ledger {
  audience: bigint;
  sent: bigint;
  skipped: bigint;
  skippedByReason: Record<string, bigint>;
  failed: bigint;
  unknown: bigint;
  open: bigint;
}

/** An intent that has just been concluded, and where it stood before. */
export interface Conclusion {
  campaignId: string;
  was: 'planned' | 'dispatched';
  outcome: Outcome;
  reason: string | null;
}

/** By how much the counters of one campaign move; `open` falls by the sum of the four outcomes. */
export interface Movement {
  campaignId: string;
  sent: number;
  skipped: number;
  failed: number;
  unknown: number;
  /** How many of them had been with a sender. */
  landed: number;
  skips: Map<string, number>;
}

/** The movements that follow from conclusions: one a campaign, in order of id, as locks are taken. */
export function movementsOf(conclusions: readonly Conclusion[]): Movement[] {
  const movements = new Map<string, Movement>();
  for (const { campaignId, was, outcome, reason } of conclusions) {
    let movement = movements.get(campaignId);
    if (!movement) {
      movement = { campaignId, sent: 0, skipped: 0, failed: 0, unknown: 0, landed: 0, skips: new Map() };
      movements.set(campaignId, movement);
    }
    movement[outcome] += 1;
    if (was === 'dispatched') movement.landed += 1;
    if (outcome === 'skipped') {
      const why = reason ?? 'unstated';
      movement.skips.set(why, (movement.skips.get(why) ?? 0) + 1);
    }
  }
  return [...movements.values()].sort((a, b) => (a.campaignId < b.campaignId ? -1 : 1));
}
