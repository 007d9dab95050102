import { describe, expect, it } from '@jest/globals';
import { SlotPace } from './slot-pace.js';

function paceAfter(...took: number[]): number {
  const pace = new SlotPace();
  for (const ms of took) pace.took(ms);
  return pace.turns;
}

describe('the pace of a connection', () => {
  it('2.13 is one message a permit until it is known how fast the mail server is', () => {
    expect(paceAfter()).toBe(1);
  });

  it('2.13 lets three follow one another where each takes a few milliseconds, and one where it takes long', () => {
    expect(paceAfter(10)).toBe(3);
    expect(paceAfter(90)).toBe(2);
    expect(paceAfter(400)).toBe(1);
  });

  it('2.13 asks for less as soon as a message took much longer, and for more only after many', () => {
    expect(paceAfter(10, 10, 500)).toBe(1);
    expect(paceAfter(10, 10, 500, 10)).toBe(1);
    expect(paceAfter(500, ...Array<number>(80).fill(10))).toBe(3);
  });
});
