import { describe, expect, it } from '@jest/globals';
import { duplicatesIn, type MailLogLine } from './mail-log.js';
import { percentiles } from './percentiles.js';
import { silenceOf } from './silence.js';

const rcpt = (to: string, at: number): MailLogLine => ({ event: 'rcpt', at, id: `${to}${at}`, to });
const dot = (to: string, at: number, intent: string): MailLogLine => ({
  event: 'data-end',
  at,
  id: `${to}${at}`,
  to,
  intent,
  kept: true,
});

describe('silence after an opt-out', () => {
  it('is zero where nothing began after the commit, and the last beginning otherwise', () => {
    const report = silenceOf(
      [
        { contactId: '1', address: 'quiet@example.org', committedAt: 1000 },
        { contactId: '2', address: 'raced@example.org', committedAt: 1000, concludedAt: 1030 },
        { contactId: '3', address: 'mailed@example.org', committedAt: 1000, concludedAt: 990 },
      ],
      [
        rcpt('raced@example.org', 1012),
        dot('raced@example.org', 1020, 'i2'),
        rcpt('mailed@example.org', 980),
      ],
    );
    expect(report).toEqual({
      count: 3,
      raced: 2,
      alreadyMailed: 1,
      silenceMs: { min: 0, p50: 0, p95: 12, p99: 12, max: 12 },
      attemptsAfter: 0,
    });
  });

  it('counts what begins or ends later than a permit lives', () => {
    const optOut = { contactId: '1', address: 'a@example.org', committedAt: 1000 };
    expect(silenceOf([optOut], [rcpt('a@example.org', 2001)]).attemptsAfter).toBe(1);
    expect(
      silenceOf([optOut], [rcpt('a@example.org', 1500), dot('a@example.org', 2500, 'i')]).attemptsAfter,
    ).toBe(1);
    expect(silenceOf([optOut], [rcpt('b@example.org', 2500)]).attemptsAfter).toBe(0);
  });
});

describe('what the mail server holds', () => {
  it('names every intent that came twice, and only those', () => {
    const log = [
      dot('a@x.org', 1, 'i1'),
      dot('a@x.org', 2, 'i1'),
      dot('b@x.org', 3, 'i2'),
      rcpt('b@x.org', 4),
    ];
    expect(duplicatesIn(log)).toEqual(['i1']);
    expect(duplicatesIn([dot('a@x.org', 1, 'i1'), { ...dot('a@x.org', 2, 'i1'), kept: false }])).toEqual([]);
  });
});

describe('percentiles', () => {
  it('are by nearest rank', () => {
    const values = Array.from({ length: 200 }, (_, i) => 200 - i);
    expect(percentiles(values)).toEqual({ min: 1, p50: 100, p95: 190, p99: 198, max: 200 });
    expect(percentiles([])).toEqual({ min: 0, p50: 0, p95: 0, p99: 0, max: 0 });
  });
});
