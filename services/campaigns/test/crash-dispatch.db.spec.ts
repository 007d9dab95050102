import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import { brokenPromises, everyStep } from '@heed/testing';
import { CampaignsFixture, followingStep } from './campaigns-fixture.js';

/** The list comes in batches of so many: each is planned in a transaction of its own. */
const BATCH = 2;
/** A planner that is dead holds its lease for so long. */
const LEASE_MS = 5_000;
/** So long a message may come back. */
const WITHIN_S = 60;

interface World {
  tenantId: string;
  campaignId: string;
  members: readonly string[];
}

describe('a campaign whose process is killed', () => {
  let campaigns: CampaignsFixture;
  beforeAll(async () => {
    campaigns = await CampaignsFixture.create();
    campaigns.stream = async function* ({ afterContactId }) {
      const rest = campaigns.members.filter((id) => id > afterContactId);
      for (let from = 0; from < rest.length; from += BATCH) {
        yield { contactIds: rest.slice(from, from + BATCH) };
      }
    };
  });
  afterAll(() => campaigns.database.drop());

  /** All that is due, whatever it is: planning and handing out. */
  async function work(by: CampaignsFixture): Promise<void> {
    for (;;) {
      const step = await by.dispatchDue.step();
      if (step.did === 'nothing') return;
      if (step.did === 'lease') await by.planAudience.plan(step.lease, new AbortController().signal);
    }
  }

  const handedOut = async (campaignId: string) =>
    (await campaigns.dispatched()).filter((event) => event.campaignId === campaignId);

  it('at any step, from its start to the last intent, hands each person out once, and balances', async () => {
    const steps = await everyStep<World>({
      begin: async () => {
        const tenantId = newId();
        const campaignId = await campaigns.draft(4, { tenantId, ratePerSecond: 20 });
        return { tenantId, campaignId, members: campaigns.members };
      },
      live: async ({ tenantId, campaignId }, process) => {
        const dying = campaigns.inProcess(process);
        await dying.command(campaignId, 'start', tenantId);
        await work(dying);
        await campaigns.clock.advance(100);
        await work(dying);
      },
      recover: async ({ tenantId, campaignId }) => {
        if ((await campaigns.stateOf(campaignId, tenantId)) === 'draft') {
          await campaigns.command(campaignId, 'start', tenantId);
        }
        await campaigns.clock.advance(LEASE_MS);
        await work(campaigns);
        for (let tick = 0; tick < 2; tick++) {
          await campaigns.clock.advance(100);
          await work(campaigns);
        }
        await campaigns.conclude(await handedOut(campaignId), tenantId);
        await work(campaigns);
      },
      verify: async ({ tenantId, campaignId, members }) => {
        const events = await handedOut(campaignId);
        expect(events.map(({ contactId }) => contactId)).toEqual(members);
        expect(new Set(events.map(({ intentId }) => intentId)).size).toBe(members.length);
        const ledger = await campaigns.ledgerOf(campaignId, tenantId);
        expect(ledger).toMatchObject({ audience: 4n, sent: 4n, open: 0n });
        expect(ledger).toEqual(await campaigns.recount(campaignId, tenantId));
        expect(await campaigns.stateOf(campaignId, tenantId)).toBe('completed');
      },
    });
    expect(steps.filter((step) => step.startsWith('insert into heed.outbox')).length).toBe(1);
    expect(await brokenPromises(campaigns.database)).toEqual([]);
  });

  it('at any step of what follows an end, or a message that comes back, reaches each person once by the second step, and balances', async () => {
    await everyStep<World>({
      begin: async () => {
        const tenantId = newId();
        const further = [followingStep({ outcomes: ['failed'], bouncedWithinSeconds: WITHIN_S })];
        const campaignId = await campaigns.draft(2, { tenantId, ratePerSecond: 20, further });
        const { members } = campaigns;
        await campaigns.command(campaignId, 'start', tenantId);
        await work(campaigns);
        await campaigns.clock.advance(100);
        await work(campaigns);
        return { tenantId, campaignId, members };
      },
      live: async ({ tenantId, campaignId }, process) => {
        const dying = campaigns.inProcess(process);
        await dying.conclude(await ends(campaignId), tenantId);
        await dying.bounce(await cameBack(campaignId), tenantId);
        await campaigns.clock.advance(100);
        await work(dying);
      },
      recover: async ({ tenantId, campaignId }) => {
        // The bus brings what was not committed again.
        await campaigns.conclude(await ends(campaignId), tenantId);
        await campaigns.bounce(await cameBack(campaignId), tenantId);
        await campaigns.clock.advance(100);
        await work(campaigns);
        const calls = (await handedOut(campaignId)).filter(({ step }) => step === 2);
        await campaigns.conclude(calls, tenantId);
        await campaigns.clock.advance(WITHIN_S * 1000);
        await work(campaigns);
      },
      verify: async ({ tenantId, campaignId, members }) => {
        const events = await handedOut(campaignId);
        for (const step of [1, 2]) {
          const reached = events.filter((event) => event.step === step).map(({ contactId }) => contactId);
          expect(reached.sort()).toEqual(members);
        }
        const ledger = await campaigns.ledgerOf(campaignId, tenantId);
        expect(ledger).toMatchObject({ audience: 4n, failed: 1n, sent: 3n, open: 0n });
        expect(ledger).toEqual(await campaigns.recount(campaignId, tenantId));
        expect(await campaigns.stateOf(campaignId, tenantId)).toBe('completed');
      },
    });
    expect(await brokenPromises(campaigns.database)).toEqual([]);
  });

  /** One of the first step fails, the other is sent. */
  const ends = async (campaignId: string) =>
    (await handedOut(campaignId))
      .filter(({ step }) => step === 1)
      .map(({ intentId }, index) => ({
        ...{ intentId, campaignId },
        outcome: index === 0 ? ('failed' as const) : ('sent' as const),
      }));
  /** And comes back. */
  const cameBack = async (campaignId: string) =>
    (await ends(campaignId)).filter(({ outcome }) => outcome === 'sent');
});
