import { describe, expect, it } from '@jest/globals';
import { TestClock } from '@heed/testing';
import { elapsed, stampOf } from './age.js';

describe('age', () => {
  it('is the largest that any of the three clocks says', async () => {
    const clock = new TestClock();
    const from = stampOf(clock);
    await clock.advance(300);
    clock.jump(150);
    expect(elapsed(from, stampOf(clock))).toEqual({ ms: 450, agreed: true });
  });

  it('2.7 counts the time that a machine was suspended, and says that the clocks disagree', () => {
    const clock = new TestClock();
    const from = stampOf(clock);
    clock.suspend(3_600_000);
    expect(clock.monotonicMs()).toBe(from.monotonicMs);
    expect(elapsed(from, stampOf(clock))).toEqual({ ms: 3_600_000, agreed: false });
  });

  it('is not made younger by a wall clock that is set back, which counts as a disagreement', async () => {
    const clock = new TestClock();
    const from = stampOf(clock);
    await clock.advance(500);
    clock.jump(-60_000);
    expect(elapsed(from, stampOf(clock))).toEqual({ ms: 500, agreed: false });
  });

  it('lets clocks differ by 200 ms and no more', () => {
    const from = { monotonicMs: 0, wallMs: 0, bootMs: 0 };
    expect(elapsed(from, { monotonicMs: 0, wallMs: 200, bootMs: 100 }).agreed).toBe(true);
    expect(elapsed(from, { monotonicMs: 0, wallMs: 201, bootMs: 100 }).agreed).toBe(false);
  });
});
