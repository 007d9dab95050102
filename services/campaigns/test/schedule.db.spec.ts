import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CampaignHeld, campaignsV1 } from '@heed/contracts';
import { brokenPromises } from '@heed/testing';
import { START_TOLERANCE_MS } from '../src/campaigns/campaign.js';
import { CampaignsFixture, reasonOf } from './campaigns-fixture.js';

const { CampaignState } = campaignsV1;
const HOUR_MS = 3_600_000;

describe('a campaign that is scheduled', () => {
  let campaigns: CampaignsFixture;

  beforeAll(async () => {
    campaigns = await CampaignsFixture.create();
  });
  afterAll(async () => {
    expect(await brokenPromises(campaigns.database)).toEqual([]);
    await campaigns.database.drop();
  });

  const inMs = (ms: number) => new Date(campaigns.clock.now().getTime() + ms);
  const schedule = (campaignId: string, startAt: Date, actorId = 'ada') =>
    campaigns.command(campaignId, 'schedule', campaigns.tenantId, actorId, startAt);
  const scheduled = async (more: Parameters<CampaignsFixture['draft']>[1] = {}) => {
    const campaignId = await campaigns.draft(2, more);
    await schedule(campaignId, inMs(HOUR_MS));
    // The pacer has looked at it, and waits.
    await campaigns.advance(0);
    return campaignId;
  };
  const held = () =>
    campaigns.uow.runAcross('service', (tx) =>
      tx.query<{ campaign_id: string }>('select campaign_id from campaign_work where held_since is not null'),
    );
  const heldEvents = async (campaignId: string) => {
    const rows = await campaigns.uow.runAcross('relay', (tx) =>
      tx.query<{ payload: Buffer }>('select payload from heed.outbox where type = $1 order by seq', [
        CampaignHeld.name,
      ]),
    );
    return rows
      .map(({ payload }) => CampaignHeld.codec.decode(payload))
      .filter((event) => event.campaignId === campaignId);
  };

  it('starts when its time has come, not before, and reaches its list', async () => {
    const campaignId = await scheduled();
    await campaigns.advance(HOUR_MS - 1);
    expect(await campaigns.stateOf(campaignId)).toBe('scheduled');
    await campaigns.clock.advance(1);
    await campaigns.planAudience.plan(await campaigns.lease(), new AbortController().signal);
    expect(await campaigns.stateOf(campaignId)).toBe('running');
    expect(await campaigns.ledgerOf(campaignId)).toMatchObject({ audience: 2n });
    await campaigns.command(campaignId, 'cancel');
  });

  it('starts by itself when it is late by the tolerance, and no later: then it asks, reaches nobody and says so', async () => {
    const punctual = await scheduled();
    const overdue = await scheduled();
    const startAt = inMs(HOUR_MS - 1);
    await schedule(overdue, startAt);
    await campaigns.advance(0);
    await campaigns.advance(HOUR_MS + START_TOLERANCE_MS);
    expect(await campaigns.stateOf(punctual)).toBe('planning');
    expect(await campaigns.stateOf(overdue)).toBe('needs_confirmation');
    expect(await held()).toEqual([{ campaign_id: overdue }]);
    expect(await heldEvents(overdue)).toEqual([
      {
        ...{ campaignId: overdue, heldFor: campaignsV1.HeldFor.HELD_FOR_CONFIRMATION },
        startAt: startAt.toISOString(),
      },
    ]);
    await campaigns.advance(HOUR_MS);
    expect(await campaigns.stateOf(overdue)).toBe('needs_confirmation');
    expect(await reasonOf(campaigns.command(overdue, 'start'))).toBe('CAMPAIGN_NEEDS_CONFIRMATION');
    expect(await campaigns.command(overdue, 'confirm')).toMatchObject({
      state: CampaignState.CAMPAIGN_STATE_PLANNING,
      startAt: startAt.toISOString(),
    });
    // Said again, since the answer was lost.
    await campaigns.command(overdue, 'confirm');
    expect(await held()).toEqual([]);
    for (const id of [punctual, overdue]) await campaigns.command(id, 'cancel');
  });

  it('10.9 is not begun by a service that was down when it was due: it comes up, finds it overdue, and asks', async () => {
    const campaignId = await scheduled();
    // Nobody steps while the clock goes on.
    await campaigns.clock.advance(5 * HOUR_MS);
    const restarted = campaigns.beside();
    while ((await restarted.dispatchDue.step()).did === 'something');
    expect(await campaigns.stateOf(campaignId)).toBe('needs_confirmation');
    await campaigns.command(campaignId, 'cancel');
    expect(await campaigns.stateOf(campaignId)).toBe('cancelled');
    expect(await held()).toEqual([]);
  });

  it('10.8 goes on after a restart where it was running: only what was to begin asks', async () => {
    const campaignId = await campaigns.running(3);
    await campaigns.clock.advance(5 * HOUR_MS);
    const restarted = campaigns.beside();
    while ((await restarted.dispatchDue.step()).did === 'something');
    expect(await campaigns.stateOf(campaignId)).toBe('running');
    expect(await campaigns.ledgerOf(campaignId)).toMatchObject({ audience: 3n, open: 3n });
    expect((await campaigns.dispatched()).filter((event) => event.campaignId === campaignId)).toHaveLength(3);
    await campaigns.conclude(
      (await campaigns.dispatched()).filter((event) => event.campaignId === campaignId),
    );
  });

  it('may be scheduled for another time, also when it is overdue, made a draft again, or started at once', async () => {
    const campaignId = await scheduled();
    await campaigns.advance(2 * HOUR_MS);
    expect(await campaigns.stateOf(campaignId)).toBe('needs_confirmation');
    await schedule(campaignId, inMs(HOUR_MS));
    expect(await campaigns.stateOf(campaignId)).toBe('scheduled');
    expect(await campaigns.command(campaignId, 'unschedule')).toMatchObject({
      ...{ state: CampaignState.CAMPAIGN_STATE_DRAFT, startAt: '' },
    });
    await campaigns.advance(2 * HOUR_MS);
    expect(await campaigns.stateOf(campaignId)).toBe('draft');
    await schedule(campaignId, inMs(HOUR_MS));
    await campaigns.command(campaignId, 'start');
    expect(await campaigns.stateOf(campaignId)).toBe('planning');
    await campaigns.command(campaignId, 'cancel');
  });

  it('is not scheduled for the past, nor once it has begun; the same call again is the same schedule', async () => {
    const campaignId = await campaigns.draft(1);
    expect(await reasonOf(schedule(campaignId, inMs(-1)))).toBe('INVALID_ARGUMENT');
    const startAt = inMs(1000);
    await schedule(campaignId, startAt);
    await schedule(campaignId, startAt);
    await campaigns.advance(1000);
    expect(await campaigns.stateOf(campaignId)).toBe('planning');
    // Sent again although its time has passed by now.
    await schedule(campaignId, startAt);
    expect(await reasonOf(schedule(campaignId, inMs(1000)))).toBe('CAMPAIGN_NOT_DRAFT');
    expect(await reasonOf(campaigns.command(campaignId, 'unschedule'))).toBe('CAMPAIGN_NOT_SCHEDULED');
    await campaigns.command(campaignId, 'cancel');
  });

  it('is reviewed when it is scheduled: approved too late, it asks before it begins', async () => {
    const campaignId = await campaigns.draft(1, { text: { subject: 'RE: your order' } });
    expect(await schedule(campaignId, inMs(HOUR_MS))).toMatchObject({
      state: CampaignState.CAMPAIGN_STATE_IN_REVIEW,
    });
    await campaigns.advance(3 * HOUR_MS);
    expect(await campaigns.stateOf(campaignId)).toBe('in_review');
    await campaigns.command(campaignId, 'approve', campaigns.tenantId, 'bob');
    await campaigns.advance(0);
    expect(await campaigns.stateOf(campaignId)).toBe('needs_confirmation');
    // What was approved is not held again.
    await schedule(campaignId, inMs(HOUR_MS));
    expect(await campaigns.stateOf(campaignId)).toBe('scheduled');
    await campaigns.command(campaignId, 'cancel');
  });

  it('cannot have begun late without a person who confirmed it, whoever writes the row', async () => {
    const campaignId = await scheduled();
    const late = campaigns.uow.run(campaigns.tenantId, (tx) =>
      tx.execute(
        `update campaign set state = 'planning', started_at = start_at + interval '301 seconds'
                  where campaign_id = $1`,
        [campaignId],
      ),
    );
    await expect(late).rejects.toMatchObject({ constraint: 'campaign_late_start_confirmed' });
  });
});
