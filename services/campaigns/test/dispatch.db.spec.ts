import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { topics, type EventType } from '@heed/contracts';
import { Outbox, type AddOptions } from '@heed/events';
import { newId } from '@heed/kernel';
import { type Tx } from '@heed/postgres';
import { DispatchDue } from '../src/dispatch/dispatch-due.js';
import { claimDue, saveWork, wakeWork } from '../src/dispatch/work.store.js';
import { CampaignsFixture } from './campaigns-fixture.js';

describe('handing out', () => {
  let campaigns: CampaignsFixture;

  beforeEach(async () => {
    campaigns = await CampaignsFixture.create();
  });
  afterEach(() => campaigns.database.drop());

  const contactsOf = async (campaignId: string) =>
    (await campaigns.dispatched())
      .filter((event) => event.campaignId === campaignId)
      .map((event) => event.contactId);

  it('goes in the order of the audience, at the rate, each intent once, and says all that a sender needs', async () => {
    const campaignId = await campaigns.running(100, { ratePerSecond: 50 });
    await campaigns.advance(100);
    expect(await contactsOf(campaignId)).toEqual(campaigns.members.slice(0, 5));
    for (let step = 0; step < 10; step++) await campaigns.advance(100);
    expect(await contactsOf(campaignId)).toEqual(campaigns.members.slice(0, 55));
    for (let step = 0; step < 20; step++) await campaigns.advance(100);
    expect(await contactsOf(campaignId)).toEqual(campaigns.members);
    const [event] = await campaigns.dispatched();
    expect(event).toEqual({
      ...{ intentId: expect.any(String), campaignId, contactId: campaigns.members[0], channel: 1 },
      ...{ purpose: 'marketing', templateId: expect.any(String), step: 1, try: 1, deferrals: 0 },
    });
    expect(new Set((await campaigns.dispatched()).map(({ intentId }) => intentId)).size).toBe(100);
  });

  it('stops at a pause, from the answer on, and goes on where it was', async () => {
    const campaignId = await campaigns.running(100, { ratePerSecond: 50 });
    await campaigns.advance(1000);
    expect(await contactsOf(campaignId)).toHaveLength(50);
    await campaigns.command(campaignId, 'pause');
    await campaigns.advance(5000);
    expect(await contactsOf(campaignId)).toHaveLength(50);
    await campaigns.command(campaignId, 'resume');
    // A pause is no credit: what was not handed out meanwhile is not made up for.
    await campaigns.advance(100);
    expect(await contactsOf(campaignId)).toHaveLength(55);
    await campaigns.advance(1000);
    expect(await contactsOf(campaignId)).toEqual(campaigns.members);
  });

  it('lets no more than two seconds’ worth wait at senders, and goes on as they conclude', async () => {
    const campaignId = await campaigns.running(1000, { ratePerSecond: 300 });
    for (let step = 0; step < 10; step++) await campaigns.advance(1000);
    expect(await contactsOf(campaignId)).toHaveLength(600);
    const intents = (await campaigns.dispatched()).map(({ intentId }) => ({ intentId }));
    await campaigns.conclude(intents.slice(0, 100));
    await campaigns.advance(1000);
    expect(await contactsOf(campaignId)).toHaveLength(700);
  });

  it('does a step as a whole or not at all', async () => {
    const campaignId = await campaigns.running(10);
    class Broken extends Outbox {
      override async addAll<T>(
        tx: Tx,
        type: EventType<T>,
        items: readonly (AddOptions & { data: T })[],
      ): Promise<void> {
        await super.addAll(tx, type, items);
        throw new Error('killed after the events were added');
      }
    }
    const options = { service: 'campaigns', topics, clock: campaigns.clock, committed: () => undefined };
    const broken = new DispatchDue(campaigns.uow, new Broken(options), campaigns.changes, campaigns.clock);
    await campaigns.clock.advance(100);
    await expect(broken.step()).rejects.toThrow('killed');
    expect(await contactsOf(campaignId)).toEqual([]);
    expect(await campaigns.ledgerOf(campaignId)).toEqual(await campaigns.recount(campaignId));
    await campaigns.advance();
    expect(await contactsOf(campaignId)).toEqual(campaigns.members);
  });

  it('hands nothing out twice, and no faster, when several do it at once', async () => {
    const campaignId = await campaigns.running(400, { ratePerSecond: 1000 });
    for (let round = 1; round <= 4; round++) {
      await campaigns.clock.advance(100);
      await Promise.all(Array.from({ length: 5 }, () => campaigns.dispatchDue.step()));
      expect(await contactsOf(campaignId)).toHaveLength(round * 100);
    }
    const handedOut = await contactsOf(campaignId);
    expect(handedOut).toEqual(campaigns.members);
  });

  it('serves a tenant with one campaign as soon as one with many', async () => {
    const crowd = await Promise.all(
      Array.from({ length: 12 }, () => campaigns.running(1, { ratePerSecond: 1 })),
    );
    // Whoever is alone comes last, and is not served last.
    await campaigns.clock.advance(10);
    const lonely = await campaigns.running(1, { tenantId: newId(), ratePerSecond: 1 });
    await campaigns.advance(0);
    await campaigns.clock.advance(1_000);
    await campaigns.dispatchDue.step();
    await campaigns.dispatchDue.step();
    const served = (await campaigns.dispatched()).map((event) => event.campaignId);
    expect(served).toHaveLength(2);
    expect(served).toContain(lonely);
    expect(crowd).toEqual(expect.arrayContaining(served.filter((id) => id !== lonely)));
  });

  it('serves in turn: a tenant with a hundred campaigns starves neither another’s one nor any of its own', async () => {
    const [crowd, lonely] = [newId(), newId()];
    const at = campaigns.clock.now();
    const work = async (tenantId: string, size: number) => {
      for (let n = 0; n < size; n++) {
        await campaigns.uow.run(tenantId, (tx) => wakeWork(tx, newId(), at));
      }
    };
    await work(crowd, 100);
    await work(lonely, 1);
    const served: { tenantId: string; campaignId: string }[] = [];
    for (let turn = 1; turn <= 200; turn++) {
      const now = new Date(at.getTime() + turn);
      await campaigns.uow.runAcross('service', async (across) => {
        const next = (await claimDue(across, now))!;
        served.push(next);
        await saveWork(await across.enterTenant(next.tenantId), { ...next, servedAt: now }, { dueAt: now });
      });
    }
    const turnsOf = (tenantId: string) => served.filter((turn) => turn.tenantId === tenantId);
    expect(turnsOf(lonely)).toHaveLength(100);
    expect(new Set(turnsOf(crowd).map(({ campaignId }) => campaignId)).size).toBe(100);
  });

  it('cancels in steps: what was not handed out is skipped, what was concludes, then the campaign has ended', async () => {
    const campaignId = await campaigns.running(2300, { ratePerSecond: 100 });
    await campaigns.advance(1000);
    const intents = (await campaigns.dispatched()).map(({ intentId }) => ({ intentId }));
    expect(intents).toHaveLength(100);
    await campaigns.command(campaignId, 'cancel');
    expect(await campaigns.stateOf(campaignId)).toBe('cancelling');
    await campaigns.advance();
    expect(await campaigns.ledgerOf(campaignId)).toMatchObject({ skipped: 2200n, open: 100n });
    expect(await campaigns.stateOf(campaignId)).toBe('cancelling');
    await campaigns.conclude(intents);
    expect(await campaigns.stateOf(campaignId)).toBe('cancelled');
    expect(await campaigns.ledgerOf(campaignId)).toEqual(await campaigns.recount(campaignId));
    expect(await contactsOf(campaignId)).toHaveLength(100);
  });

  it('forgets the work of a campaign that has ended', async () => {
    const campaignId = await campaigns.running(1);
    await campaigns.advance();
    await campaigns.conclude((await campaigns.dispatched()).map(({ intentId }) => ({ intentId })));
    expect(await campaigns.stateOf(campaignId)).toBe('completed');
    const left = await campaigns.uow.runAcross('service', (tx) =>
      tx.query('select campaign_id from campaign_work'),
    );
    expect(left).toEqual([]);
  });

  it('cancels a draft at once', async () => {
    const campaignId = await campaigns.draft(5);
    await campaigns.command(campaignId, 'cancel');
    expect(await campaigns.stateOf(campaignId)).toBe('cancelled');
  });
});
