import { describe, expect, it } from '@jest/globals';
import { movementsOf, type Conclusion } from './ledger.js';

const concluded = (campaignId: string, outcome: Conclusion['outcome'], more: Partial<Conclusion> = {}) => ({
  ...{ campaignId, outcome, was: 'dispatched' as const, reason: null },
  ...more,
});

describe('the ledger', () => {
  it('moves each campaign once, in order of id, with skips by reason', () => {
    const movements = movementsOf([
      concluded('b', 'sent'),
      concluded('a', 'skipped', { was: 'planned', reason: 'opted_out' }),
      concluded('b', 'failed', { reason: 'mailbox_unknown' }),
      concluded('a', 'skipped', { reason: 'opted_out' }),
      concluded('a', 'skipped', { reason: 'no_consent' }),
      concluded('a', 'unknown', { reason: 'sender_lost' }),
    ]);
    expect(movements).toEqual([
      {
        ...{ campaignId: 'a', sent: 0, skipped: 3, failed: 0, unknown: 1, landed: 3 },
        skips: new Map([
          ['opted_out', 2],
          ['no_consent', 1],
        ]),
      },
      { campaignId: 'b', sent: 1, skipped: 0, failed: 1, unknown: 0, landed: 2, skips: new Map() },
    ]);
  });

  it('says of every skip why: without a reason it is unstated', () => {
    expect(movementsOf([concluded('a', 'skipped')])[0]?.skips).toEqual(new Map([['unstated', 1]]));
    expect(movementsOf([])).toEqual([]);
  });
});
