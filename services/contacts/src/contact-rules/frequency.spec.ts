import { describe, expect, it } from '@jest/globals';
import { type FrequencyCap } from './contact-rules.js';
import { fullAt, longestPeriodMs, type Taken } from './frequency.js';

const at = new Date('2026-11-24T12:00:00Z');
const hoursAgo = (hours: number): Date => new Date(at.getTime() - hours * 3_600_000);
const asked = { channel: 'email', purpose: 'newsletter', attemptId: 'new' } as const;

function cap(change: Partial<FrequencyCap> = {}): FrequencyCap {
  return { channel: '', purpose: '', most: 2, periodHours: 24, ...change };
}

function place(attemptId: string, hours: number, change: Partial<Taken> = {}): Taken {
  return { attemptId, channel: 'email', purpose: 'newsletter', at: hoursAgo(hours), ...change };
}

describe('a frequency cap', () => {
  it('has room below its number, and none at it until the first of those has left', () => {
    expect(fullAt([cap()], asked, [place('one', 5)], at)).toBeUndefined();
    expect(fullAt([cap()], asked, [place('one', 5), place('two', 3)], at)).toMatchObject({
      freeAt: new Date(hoursAgo(5).getTime() + 24 * 3_600_000),
    });
  });

  it('slides: what is as old as its period has left', () => {
    expect(fullAt([cap()], asked, [place('one', 24), place('two', 3)], at)).toBeUndefined();
  });

  it('waits for as many to leave as there are too many, where it was lowered', () => {
    const taken = [place('one', 9), place('two', 7), place('three', 5)];
    expect(fullAt([cap({ most: 1 })], asked, taken, at)?.freeAt).toEqual(
      new Date(hoursAgo(5).getTime() + 24 * 3_600_000),
    );
  });

  it('counts an attempt once however many permits it had, and never against itself', () => {
    expect(fullAt([cap()], asked, [place('one', 5), place('one', 4)], at)).toBeUndefined();
    expect(fullAt([cap()], asked, [place('one', 5), place('new', 4), place('two', 3)], at)).toBeUndefined();
  });

  it('counts what it is about, and binds nothing else', () => {
    const taken = [place('one', 5, { channel: 'voice' }), place('two', 3, { purpose: 'offers' })];
    expect(fullAt([cap()], asked, taken, at)).toBeDefined();
    expect(fullAt([cap({ channel: 'email' })], asked, taken, at)).toBeUndefined();
    expect(fullAt([cap({ purpose: 'newsletter' })], asked, taken, at)).toBeUndefined();
    expect(fullAt([cap({ channel: 'voice', most: 1 })], asked, taken, at)).toBeUndefined();
  });

  it('of several is named that keeps out longest', () => {
    const caps = [cap({ most: 1 }), cap({ most: 1, periodHours: 168 })];
    expect(fullAt(caps, asked, [place('one', 5)], at)?.cap.periodHours).toBe(168);
    expect(longestPeriodMs(caps)).toBe(168 * 3_600_000);
    expect(longestPeriodMs([])).toBe(0);
  });
});
