import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { campaignsV1 } from '@heed/contracts';
import { brokenPromises } from '@heed/testing';
import { CampaignsFixture, followingStep, reasonOf } from './campaigns-fixture.js';

const { CampaignState, ReviewReason } = campaignsV1;

describe('a campaign whose text may mislead', () => {
  let campaigns: CampaignsFixture;

  beforeAll(async () => {
    campaigns = await CampaignsFixture.create();
  });
  afterAll(async () => {
    expect(await brokenPromises(campaigns.database)).toEqual([]);
    await campaigns.database.drop();
  });

  const misleading = { text: { subject: 'RE: your order' } };
  const by = (actorId: string, campaignId: string, command: 'start' | 'approve' | 'cancel') =>
    campaigns.command(campaignId, command, campaigns.tenantId, actorId);

  it('is held at its start, says why, and reaches nobody, until another member has approved it', async () => {
    const campaignId = await campaigns.draft(2, misleading);
    expect(await by('ada', campaignId, 'start')).toMatchObject({
      state: CampaignState.CAMPAIGN_STATE_IN_REVIEW,
      startedAt: '',
      findings: [{ step: 1, reason: ReviewReason.REVIEW_REASON_SUBJECT_LIKE_REPLY }],
    });
    await campaigns.advance(60_000);
    // Started again, it is held as before.
    expect(await by('bob', campaignId, 'start')).toMatchObject({
      state: CampaignState.CAMPAIGN_STATE_IN_REVIEW,
    });
    expect(await campaigns.ledgerOf(campaignId)).toMatchObject({ audience: 0n });
    expect(await reasonOf(by('ada', campaignId, 'approve'))).toBe('APPROVAL_BY_ANOTHER');
    expect(await by('bob', campaignId, 'approve')).toMatchObject({
      state: CampaignState.CAMPAIGN_STATE_PLANNING,
      findings: [],
    });
    await campaigns.planAudience.plan(await campaigns.lease(), new AbortController().signal);
    expect(await campaigns.stateOf(campaignId)).toBe('running');
  });

  it('may be cancelled instead', async () => {
    const campaignId = await campaigns.draft(2, misleading);
    await by('ada', campaignId, 'start');
    await by('ada', campaignId, 'cancel');
    expect(await campaigns.stateOf(campaignId)).toBe('cancelled');
  });

  it('is not begun at all where nobody could see how to unsubscribe, whoever approves', async () => {
    const campaignId = await campaigns.draft(1, { text: { htmlBody: '<p>Hello</p><!--' } });
    expect(await reasonOf(by('ada', campaignId, 'start'))).toBe('CAMPAIGN_UNLAWFUL');
    expect(await reasonOf(by('bob', campaignId, 'approve'))).toBe('CAMPAIGN_NOT_IN_REVIEW');
    expect(await campaigns.stateOf(campaignId)).toBe('draft');
  });

  it('starts at once where nothing was found, also in what is said', async () => {
    const campaignId = await campaigns.draft(1, { further: [followingStep()] });
    expect(await by('ada', campaignId, 'start')).toMatchObject({
      state: CampaignState.CAMPAIGN_STATE_PLANNING,
    });
  });
});
