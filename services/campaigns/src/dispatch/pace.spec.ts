import { describe, expect, it } from '@jest/globals';
import { pace, type Bucket } from './pace.js';

const start = new Date('2026-11-23T09:00:00Z');
const after = (ms: number) => new Date(start.getTime() + ms);

/** Runs the pacer for some seconds, each time exactly when it said it was due, late by `lateMs`. */
function run(ratePerSecond: number, seconds: number, lateMs = 0) {
  let bucket: Bucket = { credit: 0, pacedAt: start };
  let at = start;
  const batches: number[] = [];
  while (at.getTime() <= after(seconds * 1000).getTime()) {
    const step = pace(bucket, { ratePerSecond, inFlight: 0n, at });
    batches.push(step.take);
    bucket = step;
    at = new Date(step.dueAt.getTime() + lateMs);
  }
  return { total: batches.reduce((sum, take) => sum + take, 0), batches };
}

describe('the pace', () => {
  it.each([1, 3, 7, 10, 33, 500, 2500])('is the rate and never more, at %i a second', (rate) => {
    const { total } = run(rate, 60);
    expect(total).toBeLessThanOrEqual(rate * 60);
    expect(total).toBeGreaterThanOrEqual(rate * 60 - 1);
  });

  it('is kept when each step comes late', () => {
    expect(run(100, 60, 70).total).toBeGreaterThanOrEqual(5980);
  });

  it('comes in ten steps a second, and at one a second in one', () => {
    expect(run(50, 1).batches).toEqual([0, ...Array.from({ length: 10 }, () => 5)]);
    expect(run(1, 3).batches).toEqual([0, 1, 1, 1]);
  });

  it('after a stall makes up for one second at most', () => {
    const step = pace(
      { credit: 0, pacedAt: start },
      { ratePerSecond: 100, inFlight: 0n, at: after(3_600_000) },
    );
    expect([step.take, step.credit]).toEqual([100, 0]);
  });

  it('stops while senders hold two seconds’ worth, or 200', () => {
    const at = after(1000);
    const taken = (ratePerSecond: number, inFlight: bigint) =>
      pace({ credit: 0, pacedAt: start }, { ratePerSecond, inFlight, at }).take;
    expect([taken(10, 195n), taken(10, 200n), taken(10, 5000n)]).toEqual([5, 0, 0]);
    expect([taken(1000, 1500n), taken(1000, 2000n)]).toEqual([500, 0]);
  });

  it('never hands out more than a short transaction holds', () => {
    expect(
      pace({ credit: 0, pacedAt: start }, { ratePerSecond: 10_000, inFlight: 0n, at: after(1000) }).take,
    ).toBe(1000);
  });

  it('takes a clock set back for no time at all', () => {
    const step = pace({ credit: 0.5, pacedAt: after(5000) }, { ratePerSecond: 10, inFlight: 0n, at: start });
    expect([step.take, step.credit]).toEqual([0, 0.5]);
  });
});
