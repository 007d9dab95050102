import { covers, type ContactHours, type Scope } from './contact-rules.js';
import { instantOf, wallTimeAt } from './zoned-time.js';

const MINUTE_MS = 60_000;
/** How many days are looked at for the next opening: every day of the week comes, and one more for leaps of clocks. */
const DAYS_AHEAD = 8;
/** Groups that take turns in being closed are given up after so many; they then never open together. */
const MOST_TURNS = 100;

/** Open until, or closed until; the latter is absent where the hours never open. */
export type Opening =
  { isOpen: true; closesAt: Date | undefined } | { isOpen: false; opensAt: Date | undefined };

/**
 * Whether the hours allow it at this moment. Hours of the same channel and purpose add up; those of another one, more
 * general or more particular, restrict further: whoever says "calls from 9 to 18" does not widen "all from 8 to 17".
 */
export function openingAt(hours: readonly ContactHours[], asked: Scope, at: Date): Opening {
  const groups = groupsOf(hours.filter((rule) => covers(rule, asked)));
  const closings = groups.map((group) => closingOf(group, at));
  if (closings.every((closing) => closing !== undefined)) {
    const first = Math.min(...closings.map((closing) => closing.getTime()));
    return { isOpen: true, closesAt: closings.length > 0 ? new Date(first) : undefined };
  }
  return { isOpen: false, opensAt: nextOpening(groups, at) };
}

function groupsOf(hours: readonly ContactHours[]): ContactHours[][] {
  const groups = new Map<string, ContactHours[]>();
  for (const rule of hours) {
    const key = `${rule.channel}/${rule.purpose}`;
    groups.set(key, [...(groups.get(key) ?? []), rule]);
  }
  return [...groups.values()];
}

/** When the last of those that are open now closes; undefined where none is open. */
function closingOf(group: readonly ContactHours[], at: Date): Date | undefined {
  const ends = group.flatMap(({ days, opensMinute, closesMinute, timeZone }) => {
    const { weekday, ms } = wallTimeAt(timeZone, at);
    const isOpen = isOn(days, weekday) && ms >= opensMinute * MINUTE_MS && ms < closesMinute * MINUTE_MS;
    // By the clock. Where it leaps meanwhile this is off by the leap, which only matters within a second of the end.
    return isOpen ? [at.getTime() + closesMinute * MINUTE_MS - ms] : [];
  });
  return ends.length > 0 ? new Date(Math.max(...ends)) : undefined;
}

/** The first moment at which every group is open. */
function nextOpening(groups: readonly ContactHours[][], from: Date): Date | undefined {
  let at = from;
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    const closed = groups.find((group) => closingOf(group, at) === undefined);
    if (closed === undefined) return at;
    const next = openingOf(closed, at);
    if (next === undefined) return undefined;
    at = next;
  }
  return undefined;
}

function openingOf(group: readonly ContactHours[], after: Date): Date | undefined {
  const openings = group.flatMap(({ days, opensMinute, timeZone }) => {
    const { day, weekday } = wallTimeAt(timeZone, after);
    for (let ahead = 0; ahead <= DAYS_AHEAD; ahead += 1) {
      if (!isOn(days, ((weekday - 1 + ahead) % 7) + 1)) continue;
      const opens = instantOf(timeZone, day + ahead, opensMinute);
      if (opens > after) return [opens.getTime()];
    }
    return [];
  });
  return openings.length > 0 ? new Date(Math.min(...openings)) : undefined;
}

function isOn(days: readonly number[], weekday: number): boolean {
  return days.length === 0 || days.includes(weekday);
}
