import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { campaignsV1 } from '@heed/contracts';
import { brokenPromises } from '@heed/testing';
import { type LabelWaiver } from '../src/campaigns/campaign.js';
import { campaignById } from '../src/campaigns/campaign.store.js';
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
  const approvedBecause = (actorId: string, campaignId: string, labelWaiver: LabelWaiver) =>
    campaigns.commanding.run({ ...campaigns.caller, actorId }, campaignId, 'approve', { labelWaiver });

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

  describe('that lacks a label of advertising', () => {
    const LABEL_MISSING = [{ step: 1, reason: ReviewReason.REVIEW_REASON_LABEL_MISSING }];
    const { CAMPAIGN_STATE_IN_REVIEW, CAMPAIGN_STATE_PLANNING } = CampaignState;
    const plan = async () =>
      campaigns.planAudience.plan(await campaigns.lease(), new AbortController().signal);
    const rowOf = async (campaignId: string) => {
      const { labelsDue, labelWaiver, approvedBy } = await campaigns.uow.run(campaigns.tenantId, (tx) =>
        campaignById(tx, campaignId),
      );
      return { labelsDue, labelWaiver, approvedBy };
    };
    beforeEach(() => {
      campaigns.living = { KR: 1, DE: 5 };
    });
    afterEach(() => {
      campaigns.living = {};
    });

    it('is held where people live who are owed it, until an approver says why it is not due', async () => {
      const campaignId = await campaigns.draft(1);
      expect(await by('ada', campaignId, 'start')).toMatchObject({
        ...{ state: CAMPAIGN_STATE_IN_REVIEW, findings: LABEL_MISSING },
      });
      expect(await reasonOf(by('bob', campaignId, 'approve'))).toBe('CAMPAIGN_LABEL_MISSING');
      expect(await reasonOf(approvedBecause('ada', campaignId, 'not_advertising'))).toBe(
        'APPROVAL_BY_ANOTHER',
      );
      expect(await approvedBecause('bob', campaignId, 'not_advertising')).toMatchObject({
        state: CAMPAIGN_STATE_PLANNING,
      });
      expect(await rowOf(campaignId)).toEqual({
        ...{ labelsDue: ['KR'], labelWaiver: 'not_advertising', approvedBy: 'bob' },
      });
      await plan();
      expect(await campaigns.stateOf(campaignId)).toBe('running');
    });

    it('starts at once where the template bears it', async () => {
      const campaignId = await campaigns.draft(1, { text: { subject: '(광고) 안녕하세요' } });
      expect(await by('ada', campaignId, 'start')).toMatchObject({ state: CAMPAIGN_STATE_PLANNING });
      await plan();
      expect(await campaigns.stateOf(campaignId)).toBe('running');
    });

    it('goes back into review where the first of them joins the list after its start, and reaches nobody', async () => {
      campaigns.living = { DE: 5 };
      const campaignId = await campaigns.draft(2);
      expect(await by('ada', campaignId, 'start')).toMatchObject({ state: CAMPAIGN_STATE_PLANNING });
      campaigns.living = { DE: 5, CN: 1 };
      await plan();
      expect(await campaigns.seen(campaignId)).toMatchObject({
        ...{ state: CAMPAIGN_STATE_IN_REVIEW, findings: LABEL_MISSING, startedAt: '' },
      });
      expect(await campaigns.ledgerOf(campaignId)).toMatchObject({ audience: 0n });
      await expect(approvedBecause('ada', campaignId, 'nobody_there')).rejects.toMatchObject({
        reason: 'APPROVAL_BY_ANOTHER',
      });
      await approvedBecause('bob', campaignId, 'nobody_there');
      await plan();
      expect(await campaigns.stateOf(campaignId)).toBe('running');
    });

    it('is held anew where people of another such country have joined since it was approved', async () => {
      const campaignId = await campaigns.draft(1);
      const startAt = new Date(campaigns.clock.now().getTime() + 3_600_000);
      await campaigns.command(campaignId, 'schedule', campaigns.tenantId, 'ada', startAt);
      await approvedBecause('bob', campaignId, 'nobody_there');
      expect(await campaigns.stateOf(campaignId)).toBe('scheduled');
      campaigns.living = { KR: 1, CN: 1 };
      expect(await by('ada', campaignId, 'start')).toMatchObject({ state: CAMPAIGN_STATE_IN_REVIEW });
      expect(await rowOf(campaignId)).toEqual({
        ...{ labelsDue: ['KR', 'CN'], labelWaiver: null, approvedBy: null },
      });
    });
  });
});
