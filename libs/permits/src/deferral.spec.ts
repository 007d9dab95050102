import { describe, expect, it } from '@jest/globals';
import { contactsV1 } from '@heed/contracts';
import { deferralOf } from './deferral.js';

const at = new Date('2026-11-27T20:59:00Z');
const after = (ms: number) => new Date(at.getTime() + ms);
const reason = contactsV1.DenialReason.DENIAL_REASON_QUARANTINE;
const HOUR_MS = 3_600_000;

describe('a denial that says when to ask again', () => {
  it('gives the attempt back until then', () => {
    const retryAfter = after(12 * HOUR_MS);
    expect(deferralOf({ reason, retryAfter }, { deferrals: 0, at })).toEqual({
      until: retryAfter,
      reason: 'quarantine',
    });
  });

  it('is waited for where it passes at once, and is for good where it says no time', () => {
    for (const retryAfter of [at, after(-1000), after(5000)]) {
      expect(deferralOf({ reason, retryAfter }, { deferrals: 0, at })).toBeUndefined();
    }
    expect(deferralOf({ reason }, { deferrals: 0, at })).toBeUndefined();
  });

  it('ends an attempt that came back too often, or would come back too late', () => {
    const soon = after(HOUR_MS);
    expect(deferralOf({ reason, retryAfter: soon }, { deferrals: 20, at })).toEqual({
      skipped: 'quarantine',
    });
    const never = after(90 * 24 * HOUR_MS);
    expect(deferralOf({ reason, retryAfter: never }, { deferrals: 0, at })).toEqual({
      skipped: 'quarantine',
    });
  });

  it('has a word for a reason that only a newer contacts knows', () => {
    const unheard = 99 as contactsV1.DenialReason;
    expect(deferralOf({ reason: unheard, retryAfter: after(HOUR_MS) }, { deferrals: 0, at })).toMatchObject({
      reason: 'denied',
    });
  });
});
