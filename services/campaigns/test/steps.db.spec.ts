import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type campaignsV1 } from '@heed/contracts';
import { brokenPromises } from '@heed/testing';
import { CampaignsFixture, followingStep } from './campaigns-fixture.js';

const HOUR_MS = 3_600_000;

describe('a step that follows another', () => {
  let campaigns: CampaignsFixture;

  beforeAll(async () => {
    campaigns = await CampaignsFixture.create();
  });
  afterAll(async () => {
    expect(await brokenPromises(campaigns.database)).toEqual([]);
    await campaigns.database.drop();
  });

  async function handedOut(campaignId: string, step: number): Promise<campaignsV1.DispatchRequested[]> {
    const all = await campaigns.dispatched();
    return all.filter((event) => event.campaignId === campaignId && event.step === step);
  }
  const contactsOf = (events: readonly campaignsV1.DispatchRequested[]) =>
    events.map(({ contactId }) => contactId).sort();
  /** Every ledger is what its intents say, and the campaign's is the sum of its steps'. */
  async function expectBalanced(campaignId: string): Promise<void> {
    const ledger = await campaigns.ledgerOf(campaignId);
    expect(ledger).toEqual(await campaigns.recount(campaignId));
    const steps = [...(await campaigns.stepLedgersOf(campaignId)).values()];
    for (const key of ['audience', 'sent', 'skipped', 'failed', 'unknown', 'open', 'deferred'] as const) {
      expect(steps.reduce((sum, step) => sum + step[key], 0n)).toBe(ledger[key]);
    }
  }

  it('reaches those, and only those, with whom that one ended so, once each; the campaign ends after it', async () => {
    const step = followingStep({ outcomes: ['failed', 'skipped'], reasons: ['smtp_550', 'no_endpoint'] });
    const campaignId = await campaigns.running(5, { further: [step] });
    await campaigns.advance();
    const first = await handedOut(campaignId, 1);
    const ends = (['sent', 'failed', 'failed', 'skipped', 'skipped'] as const).map((outcome, index) => ({
      ...{ intentId: first[index]!.intentId, outcome },
      reason: [undefined, 'smtp_550', 'smtp_421', 'no_endpoint', 'no_consent'][index],
    }));
    await campaigns.conclude(ends);
    // Told again, and in another order: nothing more is planned.
    await campaigns.conclude(ends.toReversed());
    expect(await campaigns.stateOf(campaignId)).toBe('running');
    await campaigns.advance();
    const second = await handedOut(campaignId, 2);
    expect(contactsOf(second)).toEqual([first[1]!.contactId, first[3]!.contactId].sort());
    expect(second[0]).toMatchObject({ channel: 2, templateId: step.templateId, try: 1, deferrals: 0 });
    expect(await campaigns.stepLedgersOf(campaignId)).toEqual(
      new Map([
        [1, expect.objectContaining({ audience: 5n, sent: 1n, failed: 2n, skipped: 2n, open: 0n })],
        [2, expect.objectContaining({ audience: 2n, open: 2n, deferred: 0n })],
      ]),
    );
    await campaigns.conclude(second);
    expect(await campaigns.stateOf(campaignId)).toBe('completed');
    await expectBalanced(campaignId);
  });

  it('waits for its delay, and for nothing else', async () => {
    const campaignId = await campaigns.running(2, { further: [followingStep({ delaySeconds: 3600 })] });
    await campaigns.advance();
    const [a, b] = await handedOut(campaignId, 1);
    await campaigns.conclude([{ intentId: a!.intentId, outcome: 'failed' }]);
    expect(await campaigns.ledgerOf(campaignId)).toMatchObject({ audience: 3n, open: 2n, deferred: 1n });
    await campaigns.advance(HOUR_MS - 1000);
    expect(await handedOut(campaignId, 2)).toEqual([]);
    await campaigns.conclude([{ intentId: b!.intentId, outcome: 'failed' }]);
    await campaigns.advance(1000);
    expect(contactsOf(await handedOut(campaignId, 2))).toEqual([a!.contactId]);
    await campaigns.advance(HOUR_MS);
    expect(await handedOut(campaignId, 2)).toHaveLength(2);
    await expectBalanced(campaignId);
  });

  it('goes at its own rate, and keeps none of the first step back', async () => {
    const slow = followingStep({ ratePerSecond: 1 });
    const campaignId = await campaigns.running(30, { ratePerSecond: 100, further: [slow] });
    await campaigns.advance();
    const failed = (await handedOut(campaignId, 1)).map(({ intentId }) => ({
      intentId,
      outcome: 'failed' as const,
    }));
    expect(failed).toHaveLength(10);
    await campaigns.conclude(failed);
    for (let tick = 0; tick < 20; tick++) await campaigns.advance(100);
    expect(await handedOut(campaignId, 1)).toHaveLength(30);
    const calls = await handedOut(campaignId, 2);
    expect([2, 3]).toContain(calls.length);
  });

  it('may follow a following one', async () => {
    const further = [
      followingStep(),
      followingStep({ step: 3, channel: 'email', follows: 2, outcomes: ['sent'] }),
    ];
    const campaignId = await campaigns.running(1, { further });
    for (const [step, outcome] of [
      [1, 'failed'],
      [2, 'sent'],
      [3, 'sent'],
    ] as const) {
      expect(await campaigns.stateOf(campaignId)).toBe('running');
      await campaigns.advance();
      await campaigns.conclude(
        (await handedOut(campaignId, step)).map(({ intentId }) => ({ intentId, outcome })),
      );
    }
    expect(await campaigns.stateOf(campaignId)).toBe('completed');
    expect(await campaigns.ledgerOf(campaignId)).toMatchObject({ audience: 3n, sent: 2n, failed: 1n });
    await expectBalanced(campaignId);
  });

  it('stops at a pause and at a cancellation: what waits is skipped, and nothing is planned any more', async () => {
    const step = followingStep({ delaySeconds: 60 });
    const campaignId = await campaigns.running(3, { further: [step] });
    await campaigns.advance();
    const [a, b, c] = await handedOut(campaignId, 1);
    await campaigns.conclude([{ intentId: a!.intentId, outcome: 'failed' }]);
    await campaigns.command(campaignId, 'pause');
    await campaigns.conclude([{ intentId: b!.intentId, outcome: 'failed' }]);
    await campaigns.advance(HOUR_MS);
    expect(await handedOut(campaignId, 2)).toEqual([]);
    await campaigns.command(campaignId, 'cancel');
    await campaigns.conclude([{ intentId: c!.intentId, outcome: 'failed' }]);
    await campaigns.advance();
    expect(await campaigns.stateOf(campaignId)).toBe('cancelled');
    expect(await campaigns.ledgerOf(campaignId)).toMatchObject({
      ...{ audience: 5n, failed: 3n, open: 0n, deferred: 0n },
      skippedByReason: { cancelled: 2n },
    });
    expect(await handedOut(campaignId, 2)).toEqual([]);
    await expectBalanced(campaignId);
  });

  it('skips who has opted out of its channel meanwhile, and who was erased', async () => {
    const campaignId = await campaigns.running(3, { further: [followingStep({ delaySeconds: 60 })] });
    await campaigns.advance();
    const first = await handedOut(campaignId, 1);
    await campaigns.conclude(first.map(({ intentId }) => ({ intentId, outcome: 'failed' })));
    await campaigns.optOut([first[0]!.contactId], { channel: 'voice' });
    await campaigns.erase([first[1]!.contactId]);
    await campaigns.advance(HOUR_MS);
    expect(contactsOf(await handedOut(campaignId, 2))).toEqual([first[2]!.contactId]);
    expect(await campaigns.ledgerOf(campaignId)).toMatchObject({
      skippedByReason: { opted_out: 1n, erased: 1n },
    });
    await expectBalanced(campaignId);
  });

  it('I5 is not planned for somebody who was erased before the end came', async () => {
    const campaignId = await campaigns.running(1, {
      further: [followingStep({ outcomes: ['skipped', 'failed'] })],
    });
    await campaigns.advance();
    const [event] = await handedOut(campaignId, 1);
    await campaigns.erase([event!.contactId]);
    await campaigns.conclude([{ intentId: event!.intentId, outcome: 'failed' }]);
    expect(await campaigns.ledgerOf(campaignId)).toMatchObject({
      audience: 1n,
      skippedByReason: { erased: 1n },
    });
    expect(await campaigns.stateOf(campaignId)).toBe('completed');
  });

  it('I7 balances while ends of both steps, deferrals, opt-outs and erasures come at once, with no deadlock', async () => {
    const campaignId = await campaigns.running(300, { ratePerSecond: 3000, further: [followingStep()] });
    const people = campaigns.members;
    const ended = new Set<string>();
    const senders = async (at: number) => {
      for (let tick = 0; tick < 8; tick++) {
        await campaigns.advance(20);
        const events = (await campaigns.dispatched()).filter((event) => event.campaignId === campaignId);
        const some = events.filter((_, index) => index % 2 === at);
        await campaigns.defer(
          some
            .filter(({ deferrals }, index) => index % 5 === 0 && deferrals === 0)
            .map((event) => ({ ...event, until: campaigns.clock.now() })),
        );
        const told = some.filter(({ deferrals }, index) => index % 5 !== 0 || deferrals > 0);
        told.forEach(({ intentId }) => ended.add(intentId));
        await campaigns.conclude(
          told.map(({ intentId, contactId }) => ({
            intentId,
            outcome: (['sent', 'failed', 'unknown', 'failed'] as const)[contactId.charCodeAt(35) % 4],
          })),
        );
      }
    };
    const erasures = async () => {
      for (const person of people.filter((_, index) => index % 9 === 0)) await campaigns.erase([person]);
    };
    const optOuts = async () => {
      for (const person of people.filter((_, index) => index % 7 === 0)) await campaigns.optOut([person]);
    };
    await Promise.all([senders(0), senders(1), erasures(), optOuts()]);
    await expectBalanced(campaignId);
    // It may have come to its end by then.
    if ((await campaigns.stateOf(campaignId)) === 'running') await campaigns.command(campaignId, 'cancel');
    await campaigns.advance();
    await campaigns.conclude(
      (await campaigns.dispatched()).filter((event) => event.campaignId === campaignId),
    );
    expect(await campaigns.stateOf(campaignId)).toMatch(/cancelled|completed/);
    expect(await campaigns.ledgerOf(campaignId)).toMatchObject({ open: 0n, deferred: 0n });
    await expectBalanced(campaignId);
  });
});
