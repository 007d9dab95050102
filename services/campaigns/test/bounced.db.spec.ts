import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type campaignsV1 } from '@heed/contracts';
import { brokenPromises } from '@heed/testing';
import { type Step } from '../src/campaigns/step.js';
import { CampaignsFixture, followingStep } from './campaigns-fixture.js';

const WITHIN_S = 3600;
const WITHIN_MS = WITHIN_S * 1000;

describe('a step that follows what bounced', () => {
  let campaigns: CampaignsFixture;

  beforeAll(async () => {
    campaigns = await CampaignsFixture.create();
  });
  afterAll(async () => {
    expect(await brokenPromises(campaigns.database)).toEqual([]);
    await campaigns.database.drop();
  });

  const onBounce = (change: Partial<Step> = {}): Step =>
    followingStep({ outcomes: [], bouncedWithinSeconds: WITHIN_S, ...change });
  const handedOut = async (campaignId: string, step: number): Promise<campaignsV1.DispatchRequested[]> =>
    (await campaigns.dispatched()).filter((event) => event.campaignId === campaignId && event.step === step);
  const contactsOf = (events: readonly { contactId: string }[]) =>
    events.map(({ contactId }) => contactId).sort();
  /** A campaign of so many, all of whom are with the sender of the first step. */
  const begun = async (size: number, change: Partial<Step> = {}) => {
    const campaignId = await campaigns.running(size, { further: [onBounce(change)] });
    await campaigns.advance();
    return { campaignId, first: await handedOut(campaignId, 1) };
  };
  const expectBalanced = async (campaignId: string) =>
    expect(await campaigns.ledgerOf(campaignId)).toEqual(await campaigns.recount(campaignId));

  it('I7 reaches whoever’s message came back, once however often that is told; what was sent stays sent', async () => {
    const { campaignId, first } = await begun(3);
    await campaigns.conclude(first);
    await campaigns.bounce([first[1]!, first[1]!]);
    await campaigns.bounce([first[1]!]);
    await campaigns.advance();
    const calls = await handedOut(campaignId, 2);
    expect(contactsOf(calls)).toEqual([first[1]!.contactId]);
    await campaigns.conclude(calls);
    expect(await campaigns.stepLedgersOf(campaignId)).toEqual(
      new Map([
        [1, expect.objectContaining({ audience: 3n, sent: 3n, failed: 0n, open: 0n })],
        [2, expect.objectContaining({ audience: 1n, sent: 1n, open: 0n })],
      ]),
    );
    await expectBalanced(campaignId);
  });

  it('keeps the campaign running until nothing can come back any more, says until when, and then ends it', async () => {
    const { campaignId, first } = await begun(2);
    await campaigns.conclude([first[0]!]);
    await campaigns.advance(60_000);
    const last = campaigns.clock.now();
    await campaigns.conclude([first[1]!]);
    const until = new Date(last.getTime() + WITHIN_MS).toISOString();
    expect(await campaigns.seen(campaignId)).toMatchObject({
      ...{ deliveriesUntil: until, ledger: { open: 0n }, finishedAt: '' },
    });
    await campaigns.advance(WITHIN_MS - 1);
    expect(await campaigns.stateOf(campaignId)).toBe('running');
    await campaigns.advance(1);
    expect(await campaigns.stateOf(campaignId)).toBe('completed');
    // Too late.
    await campaigns.bounce([first[0]!]);
    await campaigns.advance();
    expect(await handedOut(campaignId, 2)).toEqual([]);
    await expectBalanced(campaignId);
  });

  it('takes a bounce at the end of its time, and none after it, though the campaign still runs', async () => {
    const { campaignId, first } = await begun(3);
    await campaigns.conclude([first[0]!, first[1]!]);
    await campaigns.clock.advance(WITHIN_MS - 10);
    await campaigns.conclude([first[2]!]);
    await campaigns.clock.advance(10);
    await campaigns.bounce([first[0]!]);
    await campaigns.clock.advance(1);
    await campaigns.bounce([first[1]!]);
    await campaigns.advance();
    expect(contactsOf(await handedOut(campaignId, 2))).toEqual([first[0]!.contactId]);
    await campaigns.command(campaignId, 'cancel');
    await campaigns.conclude(await handedOut(campaignId, 2));
  });

  it('is planned also where the bounce is heard before its sender has said that it was sent', async () => {
    const { campaignId, first } = await begun(1);
    await campaigns.bounce([first[0]!]);
    expect(await campaigns.ledgerOf(campaignId)).toMatchObject({ audience: 1n, open: 1n });
    await campaigns.conclude([first[0]!]);
    expect(await campaigns.ledgerOf(campaignId)).toMatchObject({ audience: 2n, sent: 1n, deferred: 1n });
    await campaigns.advance();
    expect(contactsOf(await handedOut(campaignId, 2))).toEqual([first[0]!.contactId]);
    await campaigns.command(campaignId, 'cancel');
    await campaigns.conclude(await handedOut(campaignId, 2));
  });

  it('follows one of which nobody could tell, and one that failed at once, where it follows failures too: once each', async () => {
    const { campaignId, first } = await begun(3, { outcomes: ['failed'] });
    const [unknown, failed, sent] = first;
    await campaigns.conclude([
      { ...unknown!, outcome: 'unknown' },
      { ...failed!, outcome: 'failed', reason: 'smtp_550' },
      { ...sent!, outcome: 'sent' },
    ]);
    await campaigns.bounce(first);
    await campaigns.advance();
    const calls = await handedOut(campaignId, 2);
    expect(contactsOf(calls)).toEqual(contactsOf(first));
    expect((await campaigns.stepLedgersOf(campaignId)).get(1)).toMatchObject({ sent: 1n, failed: 2n });
    await campaigns.conclude(calls);
    await expectBalanced(campaignId);
  });

  it('is not planned for who was erased, nor once the campaign is cancelled, which waits for nothing', async () => {
    const { campaignId, first } = await begun(2);
    await campaigns.conclude(first);
    await campaigns.erase([first[0]!.contactId]);
    await campaigns.bounce([first[0]!]);
    await campaigns.command(campaignId, 'cancel');
    expect(await campaigns.stateOf(campaignId)).toBe('cancelled');
    await campaigns.bounce([first[1]!]);
    await campaigns.advance(WITHIN_MS);
    expect(await handedOut(campaignId, 2)).toEqual([]);
    expect(await campaigns.ledgerOf(campaignId)).toMatchObject({ audience: 2n, sent: 2n });
  });

  it('waits through a pause and a restart, and ends by itself', async () => {
    const { campaignId, first } = await begun(2);
    await campaigns.conclude(first);
    await campaigns.command(campaignId, 'pause');
    await campaigns.bounce([first[0]!]);
    await campaigns.advance(1000);
    expect(await handedOut(campaignId, 2)).toEqual([]);
    await campaigns.command(campaignId, 'resume');
    await campaigns.clock.advance(1000);
    const restarted = campaigns.beside();
    while ((await restarted.dispatchDue.step()).did === 'something');
    await campaigns.conclude(await handedOut(campaignId, 2));
    expect(await campaigns.stateOf(campaignId)).toBe('running');
    await campaigns.command(campaignId, 'pause');
    await campaigns.advance(WITHIN_MS);
    expect(await campaigns.stateOf(campaignId)).toBe('completed');
  });

  it('keeps no campaign waiting that has no such step', async () => {
    const campaignId = await campaigns.running(1, { further: [followingStep()] });
    await campaigns.advance();
    await campaigns.conclude(await handedOut(campaignId, 1));
    expect(await campaigns.stateOf(campaignId)).toBe('completed');
    expect(await campaigns.seen(campaignId)).toMatchObject({ deliveriesUntil: '' });
  });
});
