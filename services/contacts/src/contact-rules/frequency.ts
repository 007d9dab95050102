import { covers, type FrequencyCap, type Scope } from './contact-rules.js';

const HOUR_MS = 3_600_000;

/** A place that an attempt has taken: with the person, or with whoever has their address. */
export interface Taken extends Scope {
  attemptId: string;
  at: Date;
}

/** The cap that leaves no room, and when it will. */
export interface Full {
  cap: FrequencyCap;
  freeAt: Date;
}

/**
 * The cap without room for one more attempt, if there is one: of several the one that takes longest. An attempt counts
 * once, however many permits it was given, and is not kept out by the place that it holds itself.
 */
export function fullAt(
  caps: readonly FrequencyCap[],
  asked: Scope & { attemptId: string },
  taken: readonly Taken[],
  at: Date,
): Full | undefined {
  let longest: Full | undefined;
  for (const cap of caps) {
    if (!covers(cap, asked)) continue;
    const periodMs = cap.periodHours * HOUR_MS;
    const latest = new Map<string, number>();
    for (const place of taken) {
      const placedMs = place.at.getTime();
      if (!covers(cap, place) || placedMs <= at.getTime() - periodMs) continue;
      latest.set(place.attemptId, Math.max(latest.get(place.attemptId) ?? 0, placedMs));
    }
    if (latest.has(asked.attemptId) || latest.size < cap.most) continue;
    // Room for one is there once so many have left that fewer than `most` remain.
    const leaving = [...latest.values()].sort((one, other) => one - other)[latest.size - cap.most]!;
    const freeAt = new Date(leaving + periodMs);
    if (!longest || freeAt > longest.freeAt) longest = { cap, freeAt };
  }
  return longest;
}

/** How far back places matter. */
export function longestPeriodMs(caps: readonly FrequencyCap[]): number {
  return Math.max(0, ...caps.map(({ periodHours }) => periodHours * HOUR_MS));
}
