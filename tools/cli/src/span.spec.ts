import { describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { moment, withSpan } from './span.js';

describe('a time that is typed', () => {
  it('is a day, from its midnight in UTC on, or a time with its zone', () => {
    expect(moment('2026-11-01')).toBe('2026-11-01T00:00:00.000Z');
    expect(moment('2026-11-01T09:00Z')).toBe('2026-11-01T09:00:00.000Z');
    expect(moment('2026-11-01T09:00:30+01:00')).toBe('2026-11-01T08:00:30.000Z');
  });

  it.each(['yesterday', '1 Nov 2026', '2026-13-01', '2026-11-01T09:00', '2026-11', ''])(
    'is not "%s"',
    (text) => expect(() => moment(text)).toThrow('a day'),
  );

  it('is empty where it was not typed', () => {
    const list = withSpan(new Command('list'), 'those made').parse(['--until', '2026-11-02'], {
      from: 'user',
    });
    expect(list.opts()).toEqual({ since: '', until: '2026-11-02T00:00:00.000Z' });
  });
});
