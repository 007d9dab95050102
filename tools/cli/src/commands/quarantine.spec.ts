import { describe, expect, it } from '@jest/globals';
import { hasCaughtUp } from './quarantine.js';

const finishedAt = new Date('2026-11-28T01:00:00Z');

describe('a service that an operator opens by hand', () => {
  it('has caught up once the last step of its resync is there and finished, and no sooner', () => {
    const [ends, events] = ['ends', 'events'].map((step) => ({ step, finishedAt }));
    const last = { step: 'incarnation', finishedAt };
    expect(hasCaughtUp([])).toBe(false);
    // Killed between two steps: the next one has no row yet.
    expect(hasCaughtUp([ends!, events!])).toBe(false);
    expect(hasCaughtUp([ends!, events!, { ...last, finishedAt: null }])).toBe(false);
    expect(hasCaughtUp([ends!, { ...events!, finishedAt: null }, last])).toBe(false);
    expect(hasCaughtUp([ends!, events!, last])).toBe(true);
  });
});
