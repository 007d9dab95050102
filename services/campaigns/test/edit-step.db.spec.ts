import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { campaignsV1, typesV1 } from '@heed/contracts';
import { brokenPromises } from '@heed/testing';
import { lockLedgers } from '../src/ledger/ledger.store.js';
import { CampaignsFixture, followingStep, reasonOf } from './campaigns-fixture.js';

const { CampaignState } = campaignsV1;

describe('the edit of a step', () => {
  let campaigns: CampaignsFixture;

  beforeAll(async () => {
    campaigns = await CampaignsFixture.create();
  });
  afterAll(async () => {
    expect(await brokenPromises(campaigns.database)).toEqual([]);
    await campaigns.database.drop();
  });

  /** Changes what is named, as the member does. */
  const edit = (
    campaignId: string,
    step: number,
    changes: Partial<campaignsV1.UpdateStepRequest>,
    actorId = 'ada',
  ): Promise<campaignsV1.Campaign> => {
    const names = { templateId: 'template_id', ratePerSecond: 'rate_per_second', outcomes: 'outcomes' };
    const more = { delaySeconds: 'delay_seconds', bouncedWithinSeconds: 'bounced_within_seconds' };
    const updateMask = Object.entries({ ...names, ...more }).flatMap(([key, name]) =>
      key in changes ? [name] : [],
    );
    return campaigns.updating.update(
      { ...campaigns.caller, actorId },
      campaignsV1.UpdateStepRequest.fromPartial({ campaignId, step, updateMask, ...changes }),
    );
  };
  /** Until somebody waits for a lock of this database. */
  const somebodyWaits = async () => {
    const waiting = () =>
      campaigns.uow.run(campaigns.tenantId, (tx) =>
        tx.query(
          `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        ),
      );
    while ((await waiting()).length === 0);
  };
  const edits = (campaignId: string) =>
    campaigns.uow.run(campaigns.tenantId, (tx) =>
      tx.query(
        'select step, fields, actor_id, revision from step_edit where campaign_id = $1 order by revision',
        [campaignId],
      ),
    );

  it('changes any of a draft’s steps, one version after another, and says who changed what', async () => {
    const campaignId = await campaigns.draft(2, { further: [followingStep()] });
    const [templateId, script] = [await campaigns.template(), await campaigns.template({ channel: 'voice' })];
    const first = await edit(campaignId, 1, { templateId, ratePerSecond: 7, etag: '0' });
    expect(first).toMatchObject({ templateId, ratePerSecond: 7, etag: '1' });
    const outcomes = [typesV1.Outcome.OUTCOME_SKIPPED];
    const second = await edit(campaignId, 2, {
      ...{ templateId: script, outcomes, delaySeconds: 60n, bouncedWithinSeconds: 90n, etag: '1' },
    });
    expect(second.steps[1]).toMatchObject({
      ...{ templateId: script, outcomes, delaySeconds: 60n, bouncedWithinSeconds: 90n },
    });
    // Sent again, since the answer was lost; then by somebody who looked at an older version.
    expect(await edit(campaignId, 1, { templateId, etag: '0' })).toMatchObject({ etag: '2' });
    expect(await reasonOf(edit(campaignId, 1, { ratePerSecond: 8, etag: '1' }))).toBe('ETAG_MISMATCH');
    expect(await edits(campaignId)).toEqual([
      { step: 1, fields: ['template_id', 'rate_per_second'], actor_id: 'ada', revision: 1 },
      expect.objectContaining({ step: 2, revision: 2 }),
    ]);
  });

  it('refuses what is no step, no template, and what a step cannot be', async () => {
    const campaignId = await campaigns.draft(1, { further: [followingStep()] });
    expect(await reasonOf(edit(campaignId, 3, { ratePerSecond: 1 }))).toBe('STEP_NOT_FOUND');
    expect(await reasonOf(edit(campaignId, 1, { templateId: campaignId }))).toBe('TEMPLATE_NOT_FOUND');
    for (const [step, changes] of [
      [1, { delaySeconds: 5n }],
      [1, { bouncedWithinSeconds: 5n }],
      [1, { ratePerSecond: 0 }],
      [2, { outcomes: [] }],
      [2, { outcomes: [typesV1.Outcome.OUTCOME_DEFERRED] }],
    ] as const) {
      expect(await reasonOf(edit(campaignId, step, changes as object))).toBe('INVALID_ARGUMENT');
    }
    // What the second follows could not come back any more.
    await edit(campaignId, 2, { bouncedWithinSeconds: 60n });
    const script = await campaigns.template({ channel: 'voice' });
    expect(await reasonOf(edit(campaignId, 1, { templateId: script }))).toBe('INVALID_ARGUMENT');
    expect(await edits(campaignId)).toHaveLength(1);
  });

  it('changes template and rate of what is planned while it is paused: who comes next gets the new ones', async () => {
    const campaignId = await campaigns.running(2);
    const templateId = await campaigns.template();
    expect(await reasonOf(edit(campaignId, 1, { templateId }))).toBe('STEP_PLANNED');
    await campaigns.command(campaignId, 'pause');
    const script = await campaigns.template({ channel: 'voice' });
    expect(await reasonOf(edit(campaignId, 1, { templateId: script }))).toBe('STEP_PLANNED');
    await edit(campaignId, 1, { templateId });
    await campaigns.command(campaignId, 'resume');
    await campaigns.advance();
    const events = (await campaigns.dispatched()).filter((event) => event.campaignId === campaignId);
    expect(events.map((event) => event.templateId)).toEqual([templateId, templateId]);
    await campaigns.command(campaignId, 'pause');
    expect(await reasonOf(edit(campaignId, 1, { ratePerSecond: 1 }))).toBe('STEP_HANDED_OUT');
    // Also once those have come back unbegun.
    await campaigns.defer(events.map((event) => ({ ...event, until: campaigns.clock.now() })));
    expect(await reasonOf(edit(campaignId, 1, { ratePerSecond: 1 }))).toBe('STEP_HANDED_OUT');
    await campaigns.command(campaignId, 'cancel');
    await campaigns.advance();
    expect(await reasonOf(edit(campaignId, 1, { ratePerSecond: 1 }))).toBe('CAMPAIGN_ENDED');
  });

  it('changes a later step that nobody is planned for while the campaign runs, and what follows is as it says', async () => {
    const campaignId = await campaigns.running(2, { further: [followingStep({ outcomes: ['sent'] })] });
    await campaigns.advance();
    await edit(campaignId, 2, { outcomes: [typesV1.Outcome.OUTCOME_FAILED], ratePerSecond: 9 });
    const first = (await campaigns.dispatched()).filter((event) => event.campaignId === campaignId);
    await campaigns.conclude([
      { ...first[0]!, outcome: 'sent' },
      { ...first[1]!, outcome: 'failed' },
    ]);
    expect(await campaigns.ledgerOf(campaignId)).toMatchObject({ audience: 3n, open: 1n });
    expect(await reasonOf(edit(campaignId, 2, { ratePerSecond: 5 }))).toBe('STEP_PLANNED');
    await campaigns.command(campaignId, 'cancel');
    await campaigns.advance();
  });

  it('waits for whoever hands out at that moment, and then comes too late', async () => {
    const campaignId = await campaigns.running(1);
    await campaigns.command(campaignId, 'pause');
    let editing: Promise<string> | undefined;
    await campaigns.uow.run(campaigns.tenantId, async (tx) => {
      await lockLedgers(tx, [campaignId]);
      editing = reasonOf(edit(campaignId, 1, { ratePerSecond: 3 }));
      await somebodyWaits();
      await tx.execute('update campaign_step_ledger set handed_out_at = $2 where campaign_id = $1', [
        campaignId,
        campaigns.clock.now(),
      ]);
    });
    expect(await editing).toBe('STEP_HANDED_OUT');
  });

  describe('by another text', () => {
    const misleading = () => campaigns.template({ subject: 'RE: your order' });
    const stateAfter = async (campaignId: string, templateId: string, actorId = 'ada') =>
      (await edit(campaignId, 1, { templateId }, actorId)).state;

    it('is reviewed again: who put it in does not approve it, nor does anybody what they did not look at', async () => {
      const campaignId = await campaigns.draft(1, { text: { subject: 'RE: hello' } });
      await campaigns.command(campaignId, 'start');
      const seen = (await campaigns.seen(campaignId)).etag;
      expect(await stateAfter(campaignId, await misleading(), 'bob')).toBe(
        CampaignState.CAMPAIGN_STATE_IN_REVIEW,
      );
      const approve = (actorId: string, etag: string) =>
        campaigns.commanding.run(
          { ...campaigns.caller, actorId },
          ...([campaignId, 'approve', { etag }] as const),
        );
      expect(await reasonOf(approve('bob', '1'))).toBe('APPROVAL_BY_ANOTHER');
      expect(await reasonOf(approve('carol', seen))).toBe('ETAG_MISMATCH');
      await approve('carol', '1');
      expect(await campaigns.stateOf(campaignId)).toBe('planning');
      await campaigns.command(campaignId, 'cancel');
    });

    it('takes a schedule back into review, or an approval that is not needed any more', async () => {
      const scheduled = await campaigns.draft(1);
      const startAt = new Date(campaigns.clock.now().getTime() + 60_000);
      await campaigns.command(scheduled, 'schedule', campaigns.tenantId, 'ada', startAt);
      expect(await stateAfter(scheduled, await misleading())).toBe(CampaignState.CAMPAIGN_STATE_IN_REVIEW);
      expect(await stateAfter(scheduled, await campaigns.template())).toBe(
        CampaignState.CAMPAIGN_STATE_DRAFT,
      );
      expect(await campaigns.seen(scheduled)).toMatchObject({ startAt: '' });
    });

    it('is not put into a campaign that has begun, nor anywhere where nobody could see how to unsubscribe', async () => {
      const further = [followingStep({ channel: 'email' })];
      const campaignId = await campaigns.running(1, { further });
      const templateId = await misleading();
      expect(await reasonOf(edit(campaignId, 2, { templateId }))).toBe('EDIT_NEEDS_REVIEW');
      const hidden = await campaigns.template({ htmlBody: '<p>Hello</p><!--' });
      expect(await reasonOf(edit(campaignId, 2, { templateId: hidden }))).toBe('CAMPAIGN_UNLAWFUL');
      await edit(campaignId, 2, { templateId: await campaigns.template() });
      await campaigns.command(campaignId, 'cancel');
      await campaigns.advance();
    });
  });
});
