const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** An instant as the clocks on the wall of a place show it. */
export interface WallTime {
  /** Days since 1970-01-01 of the local calendar. */
  day: number;
  /** 1 (Monday) to 7. */
  weekday: number;
  /** Milliseconds since local midnight, by the clock: 02:30 is the same number on every day. */
  ms: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether the time zone database has a place of this name. */
export function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

export function wallTimeAt(timeZone: string, at: Date): WallTime {
  const local = at.getTime() + offsetMs(timeZone, at);
  const day = Math.floor(local / DAY_MS);
  // 1970-01-01 was a Thursday.
  return { day, weekday: ((((day + 3) % 7) + 7) % 7) + 1, ms: local - day * DAY_MS };
}

/**
 * The instant at which the clocks of a place show this minute of this day: the first one where they show it twice, and
 * the end of the gap where they leap over it.
 */
export function instantOf(timeZone: string, day: number, minute: number): Date {
  const local = day * DAY_MS + minute * MINUTE_MS;
  const before = offsetMs(timeZone, new Date(local - DAY_MS));
  const after = offsetMs(timeZone, new Date(local + DAY_MS));
  for (const offset of [Math.max(before, after), Math.min(before, after)]) {
    const instant = new Date(local - offset);
    if (offsetMs(timeZone, instant) === offset) return instant;
  }
  // In the gap: the clocks went forward, by what the two offsets differ. The first instant after it.
  let [low, high] = [local - Math.max(before, after) - MINUTE_MS, local - Math.min(before, after)];
  const early = offsetMs(timeZone, new Date(low));
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetMs(timeZone, new Date(middle)) === early) low = middle;
    else high = middle;
  }
  return new Date(high);
}

/** How far the clocks of a place are ahead of UTC. */
function offsetMs(timeZone: string, at: Date): number {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type)!;
  const local = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return local - Math.floor(at.getTime() / 1_000) * 1_000;
}

/** Made once for each place: making one takes a hundred times as long as using it. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      ...{ timeZone, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23' },
      ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
      ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
    });
    formats.set(timeZone, format);
  }
  return format;
}
