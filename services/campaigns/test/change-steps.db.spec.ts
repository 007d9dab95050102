import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { campaignsV1, typesV1 } from '@heed/contracts';
import { newId, type Caller } from '@heed/kernel';
import { brokenPromises } from '@heed/testing';
import { CampaignsFixture, followingStep, reasonOf } from './campaigns-fixture.js';

const { CampaignState } = campaignsV1;

describe('the steps of a campaign', () => {
  let campaigns: CampaignsFixture;

  beforeAll(async () => {
    campaigns = await CampaignsFixture.create();
  });
  afterAll(async () => {
    expect(await brokenPromises(campaigns.database)).toEqual([]);
    await campaigns.database.drop();
  });

  const caller = (): Caller => campaigns.caller;
  const add = async (campaignId: string, more: Partial<campaignsV1.StepPlan> = {}, etag = '') => {
    const templateId = more.templateId ?? (await campaigns.template());
    const step = campaignsV1.StepPlan.fromPartial({
      ...{ templateId, follows: 1, outcomes: [typesV1.Outcome.OUTCOME_SENT] },
      ...more,
    });
    const request = { requestId: newId(), campaignId, step, etag };
    return (await campaigns.changing.add(caller(), request)).campaign!;
  };
  const remove = async (campaignId: string, step: number, requestId = newId(), etag = '') =>
    (await campaigns.changing.remove(caller(), { requestId, campaignId, step, etag })).campaign!;

  it('are added behind the others, and what was added is on record', async () => {
    const campaignId = await campaigns.draft(2);
    const templateId = await campaigns.template();
    const campaign = await add(campaignId, { templateId, delaySeconds: 60n });
    expect(campaign.steps).toMatchObject([
      { step: 1 },
      { step: 2, templateId, follows: 1, delaySeconds: 60n },
    ]);
    expect(campaign.etag).toBe('1');
    expect((await add(campaignId, { follows: 2 })).steps.map(({ step }) => step)).toEqual([1, 2, 3]);
    const edits = await campaigns.uow.run(campaigns.tenantId, (tx) =>
      tx.query('select step, fields, actor_id from step_edit where campaign_id = $1 order by revision', [
        campaignId,
      ]),
    );
    expect(edits).toEqual([
      { step: 2, fields: ['added'], actor_id: 'ada' },
      { step: 3, fields: ['added'], actor_id: 'ada' },
    ]);
  });

  it('that are added while it runs reach whoever comes to such an end from then on', async () => {
    const campaignId = await campaigns.running(2);
    await campaigns.advance();
    const first = (await campaigns.dispatched()).filter((event) => event.campaignId === campaignId);
    const templateId = await campaigns.template();
    await add(campaignId, { templateId });
    await campaigns.conclude(first);
    await campaigns.advance();
    const events = (await campaigns.dispatched()).filter((event) => event.campaignId === campaignId);
    expect(events.filter(({ step }) => step === 2).map((event) => event.templateId)).toEqual([
      templateId,
      templateId,
    ]);
    expect(await reasonOf(remove(campaignId, 2))).toBe('STEP_HANDED_OUT');
  });

  it('are removed while nobody is planned for them and none follows them; the call may be repeated', async () => {
    const campaignId = await campaigns.draft(1, {
      further: [followingStep(), followingStep({ step: 3, follows: 2 })],
    });
    expect(await reasonOf(remove(campaignId, 1))).toBe('STEP_FIRST');
    expect(await reasonOf(remove(campaignId, 2))).toBe('STEP_FOLLOWED');
    expect(await reasonOf(remove(campaignId, 4))).toBe('STEP_NOT_FOUND');
    expect(await reasonOf(remove(campaignId, 3, newId(), '7'))).toBe('ETAG_MISMATCH');
    const requestId = newId();
    expect((await remove(campaignId, 3, requestId)).steps.map(({ step }) => step)).toEqual([1, 2]);
    expect((await remove(campaignId, 3, requestId)).steps.map(({ step }) => step)).toEqual([1, 2]);
    expect((await remove(campaignId, 2)).steps.map(({ step }) => step)).toEqual([1]);
  });

  it('are refused where they could not be: of no step, after no end, for single messages, once it has ended', async () => {
    const campaignId = await campaigns.draft(1);
    expect(await reasonOf(add(campaignId, { follows: 2 }))).toBe('INVALID_ARGUMENT');
    expect(await reasonOf(add(campaignId, { outcomes: [] }))).toBe('INVALID_ARGUMENT');
    expect(await reasonOf(add(campaignId, { templateId: newId() }))).toBe('TEMPLATE_NOT_FOUND');
    expect(await reasonOf(add(newId()))).toBe('CAMPAIGN_NOT_FOUND');
    await campaigns.command(campaignId, 'cancel');
    expect(await reasonOf(add(campaignId))).toBe('CAMPAIGN_ENDED');
  });

  it('are twenty at most', async () => {
    const campaignId = await campaigns.draft(1, {
      further: Array.from({ length: 19 }, (_, index) => followingStep({ step: index + 2 })),
    });
    expect(await reasonOf(add(campaignId))).toBe('STEPS_FULL');
  });

  it('with a text that has to be looked at hold a scheduled campaign, and are refused to one that has begun', async () => {
    const subject = 'RE: YOUR ORDER';
    const scheduled = await campaigns.draft(1);
    const startAt = new Date(campaigns.clock.now().getTime() + 3_600_000);
    await campaigns.command(scheduled, 'schedule', campaigns.tenantId, 'ada', startAt);
    const held = await add(scheduled, { templateId: await campaigns.template({ subject }) });
    expect(held.state).toBe(CampaignState.CAMPAIGN_STATE_IN_REVIEW);
    const running = await campaigns.running(1);
    expect(await reasonOf(add(running, { templateId: await campaigns.template({ subject }) }))).toBe(
      'EDIT_NEEDS_REVIEW',
    );
  });
});
