import { describe, expect, it } from '@jest/globals';
import { changeOf, movementsOf, type Change, type Conclusion } from './ledger.js';

const concluded = (
  campaignId: string,
  outcome: Conclusion['outcome'],
  more: Partial<Conclusion> = {},
): Change =>
  changeOf({
    ...{ campaignId, step: 1, outcome, was: 'dispatched', reason: null, intentId: null, contactId: null },
    ...more,
  });

describe('the ledger', () => {
  it('moves each step once, in order of id, with skips by reason', () => {
    const movements = movementsOf([
      concluded('b', 'sent'),
      concluded('a', 'skipped', { was: 'planned', reason: 'opted_out' }),
      concluded('b', 'failed', { reason: 'mailbox_unknown' }),
      concluded('a', 'skipped', { reason: 'opted_out' }),
      concluded('a', 'skipped', { reason: 'no_consent' }),
      concluded('a', 'unknown', { reason: 'sender_lost' }),
      concluded('a', 'sent', { step: 2, was: 'deferred' }),
    ]);
    const still = { audience: 0, sent: 0, skipped: 0, failed: 0, unknown: 0, deferred: 0 };
    expect(movements).toEqual([
      {
        ...{ ...still, campaignId: 'a', step: 1, skipped: 3, unknown: 1, open: -4, inFlight: -3 },
        skips: new Map([
          ['opted_out', 2],
          ['no_consent', 1],
        ]),
      },
      {
        ...{ ...still, campaignId: 'a', step: 2, sent: 1, open: -1, deferred: -1, inFlight: 0 },
        skips: new Map(),
      },
      { ...still, campaignId: 'b', step: 1, sent: 1, failed: 1, open: -2, inFlight: -2, skips: new Map() },
    ]);
  });

  it('keeps its equation through every way that an intent can go', () => {
    const places = ['planned', 'deferred', 'dispatched', 'sent', 'skipped', 'failed', 'unknown'] as const;
    for (const from of [null, ...places]) {
      for (const to of places) {
        const [m] = movementsOf([{ campaignId: 'a', step: 1, from, to, n: 3 }]);
        expect(m!.audience).toBe(from === null ? 3 : 0);
        expect(m!.sent + m!.skipped + m!.failed + m!.unknown + m!.open).toBe(m!.audience);
      }
    }
  });

  it('moves what was unknown, and nothing else, once somebody found out', () => {
    const [m] = movementsOf([concluded('a', 'failed', { was: 'unknown', reason: 'bounced' })]);
    expect(m).toMatchObject({ unknown: -1, failed: 1, open: 0, inFlight: 0, audience: 0 });
  });

  it('says of every skip why: without a reason it is unstated', () => {
    expect(movementsOf([concluded('a', 'skipped')])[0]?.skips).toEqual(new Map([['unstated', 1]]));
    expect(movementsOf([])).toEqual([]);
  });
});
