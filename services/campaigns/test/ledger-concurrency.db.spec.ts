import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chunked } from '@heed/kernel';
import { CampaignsFixture } from './campaigns-fixture.js';

describe('I7 under everything at once', () => {
  let campaigns: CampaignsFixture;

  beforeAll(async () => {
    campaigns = await CampaignsFixture.create();
  });
  afterAll(() => campaigns.database.drop());

  it('balances while intents are handed out, concluded twice, opted out, erased and cancelled, with no deadlock', async () => {
    // Two campaigns to the same people, so that what concerns a person concerns both, in either order.
    // Slowly: of the 200 who neither opt out nor are erased some wait to the end, in whatever order things happen.
    const first = await campaigns.running(600, { ratePerSecond: 1_000 });
    const people = campaigns.members;
    const second = await campaigns.draft(0, { ratePerSecond: 1_000 });
    campaigns.members = people;
    await campaigns.command(second, 'start');
    await campaigns.planAudience.plan(await campaigns.lease(), new AbortController().signal);

    const every = (n: number, at: number) => people.filter((_, index) => index % n === at);
    const handOut = async () => {
      for (let step = 0; step < 6; step++) {
        await campaigns.advance(20);
        const intents = (await campaigns.dispatched()).map(({ intentId }, index) => ({
          intentId,
          outcome: (['sent', 'failed', 'skipped', 'unknown'] as const)[index % 4],
          reason: 'some_reason',
        }));
        // All of them again each time, in two halves that overlap, at once.
        const half = Math.floor(intents.length / 2);
        await Promise.all([
          campaigns.conclude(intents.slice(0, half + 20)),
          campaigns.conclude(intents.slice(Math.max(0, half - 20)).reverse()),
        ]);
      }
    };
    const optOuts = async (at: number) => {
      for (const some of chunked(every(5, at), 7)) await campaigns.optOut(some.reverse());
    };
    const erasures = async (at: number) => {
      for (const some of chunked(every(7, at), 11)) await campaigns.erase(some);
    };
    await Promise.all([handOut(), optOuts(0), optOuts(1), optOuts(0), erasures(0), erasures(3), erasures(5)]);
    await Promise.all([
      campaigns.command(first, 'cancel'),
      campaigns.command(second, 'pause').catch(() => undefined),
    ]);
    await campaigns.command(second, 'cancel');
    await campaigns.advance();

    for (const campaignId of [first, second]) {
      const ledger = await campaigns.ledgerOf(campaignId);
      expect(ledger).toEqual(await campaigns.recount(campaignId));
      expect(ledger.audience).toBe(600n);
      // Those handed out last were not concluded: only they are open.
      const rest = (await campaigns.dispatched()).filter((event) => event.campaignId === campaignId);
      await campaigns.conclude(rest.map(({ intentId }) => ({ intentId })));
      expect(await campaigns.ledgerOf(campaignId)).toMatchObject({ open: 0n });
      expect(await campaigns.ledgerOf(campaignId)).toEqual(await campaigns.recount(campaignId));
      expect(await campaigns.stateOf(campaignId)).toBe('cancelled');
    }
    const ids = (await campaigns.dispatched()).map(({ intentId }) => intentId);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
