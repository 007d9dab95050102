import { describe, expect, it } from '@jest/globals';
import { isLocked, lockedUntil } from './lock-out.js';

const at = new Date('2026-11-23T09:00:00Z');
const secondsAfter = (failures: number) => {
  const until = lockedUntil(failures, at);
  return until && (until.getTime() - at.getTime()) / 1000;
};

describe('the lock-out', () => {
  it('lets four wrong passwords pass, then doubles from a minute to an hour', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map(secondsAfter)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      60,
      120,
      240,
      480,
      960,
      1920,
      3600,
      3600,
    ]);
    expect(secondsAfter(5000)).toBe(3600);
  });

  it('ends at its very moment', () => {
    const until = lockedUntil(5, at) as Date;
    expect(isLocked(until, new Date(until.getTime() - 1))).toBe(true);
    expect(isLocked(until, until)).toBe(false);
    expect(isLocked(null, at)).toBe(false);
  });
});
