import { describe, expect, it } from '@jest/globals';
import { type ContactHours } from './contact-rules.js';
import { openingAt } from './opening-hours.js';
import { instantOf, isTimeZone, wallTimeAt } from './zoned-time.js';

const HOUR = 60;
const email = { channel: 'email', purpose: 'newsletter' } as const;

function hours(change: Partial<ContactHours> = {}): ContactHours {
  return {
    ...{ channel: '', purpose: '', days: [], opensMinute: 8 * HOUR, closesMinute: 21 * HOUR },
    ...{ timeZone: 'Europe/Berlin', ...change },
  };
}

function opening(rules: ContactHours[], at: string, asked = email) {
  const found = openingAt(rules, asked, new Date(at));
  return found.isOpen
    ? `until ${found.closesAt?.toISOString() ?? 'ever'}`
    : `closed until ${found.opensAt?.toISOString() ?? 'ever'}`;
}

describe('contact hours', () => {
  it('that nobody set are open at all times, and so is what none of them covers', () => {
    expect(opening([], '2026-11-24T03:00:00Z')).toBe('until ever');
    expect(opening([hours({ channel: 'voice' })], '2026-11-24T03:00:00Z')).toBe('until ever');
    expect(opening([hours({ purpose: 'offers' })], '2026-11-24T03:00:00Z')).toBe('until ever');
  });

  it('open and close to the millisecond, by the clocks of their place', () => {
    expect(opening([hours()], '2026-11-24T06:59:59.999Z')).toBe('closed until 2026-11-24T07:00:00.000Z');
    expect(opening([hours()], '2026-11-24T07:00:00.000Z')).toBe('until 2026-11-24T20:00:00.000Z');
    expect(opening([hours()], '2026-11-24T19:59:59.999Z')).toBe('until 2026-11-24T20:00:00.000Z');
    expect(opening([hours()], '2026-11-24T20:00:00.000Z')).toBe('closed until 2026-11-25T07:00:00.000Z');
    expect(opening([hours({ timeZone: 'Asia/Kolkata' })], '2026-11-24T02:30:00Z')).toBe(
      'until 2026-11-24T15:30:00.000Z',
    );
  });

  it('skip the days that they do not name', () => {
    const workdays = hours({ days: [1, 2, 3, 4, 5], opensMinute: 9 * HOUR, closesMinute: 18 * HOUR });
    // A Friday evening.
    expect(opening([workdays], '2026-11-27T17:30:00Z')).toBe('closed until 2026-11-30T08:00:00.000Z');
  });

  it('of one channel and purpose add up, those of another restrict further', () => {
    const morning = hours({ closesMinute: 12 * HOUR });
    const afternoon = hours({ opensMinute: 14 * HOUR, closesMinute: 20 * HOUR });
    expect(opening([morning, afternoon], '2026-11-24T14:00:00Z')).toBe('until 2026-11-24T19:00:00.000Z');
    expect(opening([morning, afternoon], '2026-11-24T12:00:00Z')).toBe(
      'closed until 2026-11-24T13:00:00.000Z',
    );
    const letters = hours({ channel: 'email', opensMinute: 16 * HOUR, closesMinute: 23 * HOUR });
    expect(opening([morning, afternoon, letters], '2026-11-24T12:00:00Z')).toBe(
      'closed until 2026-11-24T15:00:00.000Z',
    );
    expect(opening([morning, afternoon, letters], '2026-11-24T15:00:00Z')).toBe(
      'until 2026-11-24T19:00:00.000Z',
    );
  });

  it('that are never open together say so', () => {
    const night = hours({ channel: 'email', opensMinute: 22 * HOUR, closesMinute: 24 * HOUR });
    expect(opening([hours(), night], '2026-11-24T12:00:00Z')).toBe('closed until ever');
  });

  it('that meet at midnight leave no gap', () => {
    const late = hours({ opensMinute: 18 * HOUR, closesMinute: 24 * HOUR });
    const early = hours({ opensMinute: 0, closesMinute: 6 * HOUR });
    expect(opening([late, early], '2026-11-24T22:59:59.999Z')).toBe('until 2026-11-24T23:00:00.000Z');
    expect(opening([late, early], '2026-11-24T23:00:00.000Z')).toBe('until 2026-11-25T05:00:00.000Z');
  });

  it('open at the end of the gap where clocks leap over their beginning, and once where it comes twice', () => {
    // Berlin: 2026-03-29 02:00 becomes 03:00; 2026-10-25 03:00 becomes 02:00.
    const half = hours({ opensMinute: 2.5 * HOUR, closesMinute: 5 * HOUR });
    expect(opening([half], '2026-03-29T00:00:00Z')).toBe('closed until 2026-03-29T01:00:00.000Z');
    expect(opening([half], '2026-10-25T00:00:00Z')).toBe('closed until 2026-10-25T00:30:00.000Z');
    expect(opening([half], '2026-10-25T02:00:00Z')).toBe('until 2026-10-25T04:00:00.000Z');
  });
});

describe('the clocks of a place', () => {
  it('are those of the time zone database', () => {
    expect(isTimeZone('Europe/Berlin')).toBe(true);
    expect(isTimeZone('Europe/Atlantis')).toBe(false);
  });

  it('show a day, its place in the week and a time', () => {
    expect(wallTimeAt('Pacific/Auckland', new Date('2026-11-29T12:00:00.250Z'))).toEqual({
      ...{ day: Date.UTC(2026, 10, 30) / 86_400_000, weekday: 1, ms: 3_600_250 },
    });
    expect(wallTimeAt('America/New_York', new Date('1969-12-31T20:00:00Z'))).toMatchObject({
      ...{ day: -1, weekday: 3 },
    });
  });

  it('show each minute of each day at the instant that is told, leaps apart', () => {
    const berlin = 'Europe/Berlin';
    for (let day = Date.UTC(2026, 0, 1) / 86_400_000; day < Date.UTC(2027, 0, 1) / 86_400_000; day += 1) {
      const shown = wallTimeAt(berlin, instantOf(berlin, day, 8 * HOUR));
      expect(shown).toMatchObject({ day, ms: 8 * HOUR * 60_000 });
    }
  });
});
