import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { campaignsV1, typesV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { RequestReplay } from '@heed/rpc';
import { ResolveIntent } from '../src/ledger/resolve-intent.js';
import { CreateTemplate } from '../src/templates/create-template.js';
import { CampaignsFixture, reasonOf } from './campaigns-fixture.js';

describe('what members do with campaigns', () => {
  let campaigns: CampaignsFixture;

  beforeAll(async () => {
    campaigns = await CampaignsFixture.create();
  });
  afterAll(() => campaigns.database.drop());

  const by = (method: string) => ({ ...campaigns.caller, method });
  /** What privacy has been told about something, by whom and what. */
  async function told(aboutId: string): Promise<string[]> {
    await campaigns.due.runDue();
    return campaigns.audited
      .filter(({ subjectId }) => subjectId === aboutId)
      .map(({ actorId, action }) => `${actorId} ${action}`);
  }

  it('is told to privacy once each: who, what, to which, when, and no more', async () => {
    const campaignId = await campaigns.draft(1);
    await campaigns.commanding.run(by('StartCampaign'), campaignId, 'start');
    await campaigns.planAudience.plan(await campaigns.lease(), new AbortController().signal);
    const ben = { ...by('PauseCampaign'), actorId: 'ben' };
    // The second finds it paused, and changes nothing.
    for (let n = 0; n < 2; n++) await campaigns.commanding.run(ben, campaignId, 'pause');
    await campaigns.commanding.run(by('CancelCampaign'), campaignId, 'cancel');
    expect(await told(campaignId)).toEqual(['ada StartCampaign', 'ben PauseCampaign', 'ada CancelCampaign']);
    const entry = campaigns.audited.find(({ subjectId }) => subjectId === campaignId)!;
    expect(entry).toEqual({
      entryId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      at: campaigns.clock.now().toISOString(),
      ...{ actorId: 'ada', action: 'StartCampaign', subjectId: campaignId, service: 'campaigns' },
    });
  });

  it('is not told where it was refused', async () => {
    const campaignId = await campaigns.draft(1);
    expect(await reasonOf(campaigns.commanding.run(by('ResumeCampaign'), campaignId, 'resume'))).not.toBe('');
    expect(await told(campaignId)).toEqual([]);
  });

  it('waits while privacy is away, and is told when it is back', async () => {
    const campaignId = await campaigns.draft(1);
    campaigns.privacyIsAway = true;
    await campaigns.commanding.run(by('CancelCampaign'), campaignId, 'cancel');
    expect(await told(campaignId)).toEqual([]);
    campaigns.privacyIsAway = false;
    await campaigns.clock.advance(60_000);
    expect(await told(campaignId)).toEqual(['ada CancelCampaign']);
  });

  it('has the steps that were changed, added and removed', async () => {
    const campaignId = await campaigns.draft(1);
    const { etag } = await campaigns.updating.update(
      by('UpdateStep'),
      campaignsV1.UpdateStepRequest.fromPartial({
        ...{ campaignId, step: 1, ratePerSecond: 7, updateMask: ['rate_per_second'] },
      }),
    );
    const step = { follows: 1, outcomes: [typesV1.Outcome.OUTCOME_FAILED], ratePerSecond: 5 };
    const templateId = await campaigns.template();
    const added = campaignsV1.AddStepRequest.fromPartial({
      ...{ requestId: newId(), campaignId, etag, step: { ...step, templateId } },
    });
    // The second answers as the first did.
    for (let n = 0; n < 2; n++) await campaigns.changing.add(by('AddStep'), added);
    await campaigns.changing.remove(
      by('RemoveStep'),
      campaignsV1.RemoveStepRequest.fromPartial({ requestId: newId(), campaignId, step: 2 }),
    );
    expect(await told(campaignId)).toEqual(['ada UpdateStep', 'ada AddStep', 'ada RemoveStep']);
  });

  it('has templates that were made, and intents that somebody found out about', async () => {
    const { uow, clock, audit } = campaigns;
    const creating = new CreateTemplate(uow, new RequestReplay(clock), audit, clock);
    const { template } = await creating.create(
      by('CreateTemplate'),
      campaignsV1.CreateTemplateRequest.fromPartial({
        ...{ requestId: newId(), name: newId(), channel: typesV1.Channel.CHANNEL_EMAIL, subject: 'Hello' },
        ...{ textBody: 'A word nobody else is to read', senderName: 'Acme' },
        ...{ senderAddress: 'news@acme.example', postalAddress: '1 Main Street' },
      }),
    );
    expect(await told(template!.templateId)).toEqual(['ada CreateTemplate']);
    const campaignId = await campaigns.running(1);
    await campaigns.advance();
    const [intent] = (await campaigns.dispatched()).filter((event) => event.campaignId === campaignId);
    const { intentId } = intent!;
    await campaigns.conclude([{ intentId, campaignId, outcome: 'unknown' }]);
    const resolving = new ResolveIntent(uow, campaigns.concludeIntents, audit, clock);
    const found = {
      ...{ intentId, outcome: typesV1.Outcome.OUTCOME_FAILED },
      note: campaignsV1.ResolutionNote.RESOLUTION_NOTE_PERSON,
    };
    for (let n = 0; n < 2; n++) await resolving.resolve(by('ResolveIntent'), found);
    expect(await told(intentId)).toEqual(['ada ResolveIntent']);
    expect(JSON.stringify(campaigns.audited)).not.toMatch(/nobody else|acme/);
  });
});
