import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AttemptConcluded,
  campaignsV1,
  ConsentChanged,
  contactsV1,
  DispatchRequested,
  typesV1,
} from '@heed/contracts';
import { newId, systemClock } from '@heed/kernel';
import { type MemberClient } from '@heed/rpc';
import { gate } from '@heed/testing';
import { startCluster, type Cluster } from '@heed/testing/cluster';
import { StandInPrivacy } from '@heed/testing/stand-in-privacy';
import { campaigns } from '../src/service.js';
import { reasonOf } from './campaigns-fixture.js';
import { StandInLists } from './stand-in-lists.js';

const { CampaignState } = campaignsV1;
const { Outcome } = typesV1;

const PDF = { name: 'terms.pdf', contentType: 'application/pdf', content: Buffer.from('%PDF-1.7') };
const FIRST_WORD = { version: 1, retryAt: '', deferrals: 0 };

describe('campaigns, over gRPC and the bus', () => {
  const lists = new StandInLists();
  const tenantId = newId();
  let cluster: Cluster;
  let member: MemberClient;

  beforeAll(async () => {
    const env = { HEED_CONTACTS_GRPC: await lists.start() };
    cluster = await startCluster([campaigns], { env });
    member = await cluster.asMember('campaigns', { tenantId });
  });
  afterEach(() => {
    lists.beforeBatch = () => undefined;
  });
  afterAll(async () => {
    await cluster.stop();
    lists.stop();
  });

  const templates = () => member.of(campaignsV1.TemplatesServiceService);
  const service = () => member.of(campaignsV1.CampaignsServiceService);

  const text = (
    change: Partial<campaignsV1.CreateTemplateRequest> = {},
  ): campaignsV1.CreateTemplateRequest => ({
    ...{ requestId: newId(), name: newId(), channel: typesV1.Channel.CHANNEL_EMAIL },
    ...{ subject: 'Hello {{ first_name }}', textBody: 'Dear {{ first_name }}', htmlBody: '' },
    ...{ senderName: 'Acme', senderAddress: 'news@acme.example', postalAddress: '1 Main Street' },
    ...{ kind: campaignsV1.TemplateKind.TEMPLATE_KIND_MARKETING, variables: [], attachments: [] },
    ...{ trackOpens: false, trackClicks: false },
    ...change,
  });
  async function draft(
    size: number,
    ratePerSecond = 10_000,
  ): Promise<{ campaignId: string; members: string[] }> {
    const { template } = await templates().createTemplate(text());
    const { listId, members } = lists.add(size);
    const { campaign } = await service().createCampaign({
      ...{ requestId: newId(), name: 'Autumn', listId, templateId: template?.templateId ?? '' },
      ...{ purpose: 'marketing', ratePerSecond, audienceLimit: 0n, steps: [] },
    });
    return { campaignId: campaign?.campaignId ?? '', members };
  }
  /** Senders that conclude whatever was handed out and not concluded yet. */
  async function conclude(outcome: typesV1.Outcome, concluded: Set<string>): Promise<void> {
    const fresh = (await cluster.published(DispatchRequested)).filter(
      ({ intentId }) => !concluded.has(intentId),
    );
    fresh.forEach(({ intentId }) => concluded.add(intentId));
    if (fresh.length === 0) return;
    await cluster.publish(
      tenantId,
      AttemptConcluded,
      ...fresh.map(({ intentId, campaignId, contactId }) => ({
        ...{ attemptId: newId(), intentId, campaignId, contactId, outcome, reason: '' },
        concludedAt: systemClock.now().toISOString(),
        ...FIRST_WORD,
      })),
    );
  }
  /** Watches until the campaign is as wanted, or has ended. */
  async function until(
    campaignId: string,
    wanted: (campaign: campaignsV1.Campaign) => boolean,
  ): Promise<campaignsV1.Campaign> {
    let last: campaignsV1.Campaign | undefined;
    for await (const { campaign } of service().watchCampaign({ campaignId }, { timeoutMs: 110_000 })) {
      last = campaign;
      if (campaign && wanted(campaign)) return campaign;
    }
    if (!last) throw new Error('nothing was watched');
    return last;
  }
  /** Watches to the end, while senders conclude whatever they are handed. */
  async function untilEnded(campaignId: string, outcome: typesV1.Outcome): Promise<campaignsV1.Campaign[]> {
    const seen: campaignsV1.Campaign[] = [];
    const concluded = new Set<string>();
    let ended = false;
    const watching = until(campaignId, (now) => seen.push(now) < 0).finally(() => (ended = true));
    while (!ended) await conclude(outcome, concluded);
    await watching;
    return seen;
  }
  const handedOut = async (campaignId: string) =>
    (await cluster.published(DispatchRequested)).filter((event) => event.campaignId === campaignId);
  /** Asks the outbox until it holds so many; what is handed out changes nothing that a watcher sees. */
  async function untilHandedOut(campaignId: string, atLeast: number): Promise<void> {
    while ((await handedOut(campaignId)).length < atLeast);
  }

  it('a campaign goes from its draft to its end, seen by who watches it', async () => {
    const { campaignId, members } = await draft(1200);
    const { campaign } = await service().startCampaign({ campaignId });
    expect(campaign?.state).toBe(CampaignState.CAMPAIGN_STATE_PLANNING);
    const seen = await untilEnded(campaignId, Outcome.OUTCOME_SENT);
    expect(seen.at(-1)).toMatchObject({
      state: CampaignState.CAMPAIGN_STATE_COMPLETED,
      ledger: { audience: 1200n, sent: 1200n, skipped: 0n, failed: 0n, unknown: 0n, open: 0n },
    });
    expect(seen.at(-1)?.finishedAt).not.toBe('');
    for (const { ledger } of seen) {
      const { audience = 0n, sent = 0n, skipped = 0n, failed = 0n, unknown = 0n, open = 0n } = ledger ?? {};
      expect(audience).toBe(sent + skipped + failed + unknown + open);
    }
    const events = await handedOut(campaignId);
    expect(events.map(({ contactId }) => contactId).sort()).toEqual(members);
    expect(new Set(events.map(({ intentId }) => intentId)).size).toBe(1200);
  });

  it('what senders say counts once, although the bus says it twice', async () => {
    const { campaignId } = await draft(3);
    await service().startCampaign({ campaignId });
    await untilHandedOut(campaignId, 3);
    const [first, second] = await handedOut(campaignId);
    const said = (
      intent: campaignsV1.DispatchRequested | undefined,
      outcome: typesV1.Outcome,
      reason = '',
    ) => ({
      ...{
        attemptId: newId(),
        intentId: intent?.intentId ?? '',
        campaignId,
        contactId: intent?.contactId ?? '',
      },
      ...{ outcome, reason, concludedAt: systemClock.now().toISOString(), ...FIRST_WORD },
    });
    await cluster.publish(tenantId, AttemptConcluded, said(first, Outcome.OUTCOME_SENT));
    await cluster.publish(
      tenantId,
      AttemptConcluded,
      said(first, Outcome.OUTCOME_FAILED, 'late'),
      said(second, Outcome.OUTCOME_SKIPPED, 'no_consent'),
      said(second, Outcome.OUTCOME_SENT),
    );
    const { ledger } = await until(campaignId, (now) => now.ledger?.open === 1n);
    expect(ledger).toMatchObject({ sent: 1n, failed: 0n, skipped: 1n });
    expect(ledger?.skippedByReason).toEqual({ no_consent: 1n });
  });

  it('who opts out is skipped before their turn comes', async () => {
    const { campaignId, members } = await draft(200, 1);
    await service().startCampaign({ campaignId });
    await until(campaignId, (now) => now.ledger?.open === 200n);
    const [contactId = ''] = members.slice(-1);
    await cluster.publish(tenantId, ConsentChanged, {
      ...{ contactId, channel: typesV1.Channel.CHANNEL_EMAIL, purpose: 'marketing' },
      ...{ state: contactsV1.ConsentState.CONSENT_STATE_OPTED_OUT, epoch: 1n, entryId: newId() },
      ...{ recordedAt: systemClock.now().toISOString(), senderId: '' },
    });
    const { ledger } = await until(campaignId, (now) => (now.ledger?.skipped ?? 0n) > 0n);
    expect(ledger?.skippedByReason).toEqual({ opted_out: 1n });
    const { intents } = await service().listIntents(
      campaignsV1.ListIntentsRequest.fromPartial({
        ...{ campaignId, contactId, outcome: Outcome.OUTCOME_SKIPPED, reason: 'opted_out' },
      }),
    );
    expect(intents).toMatchObject([{ contactId, reason: 'opted_out' }]);
    const { campaign } = await service().cancelCampaign({ campaignId });
    expect(campaign?.state).toBe(CampaignState.CAMPAIGN_STATE_CANCELLING);
    const ended = (await untilEnded(campaignId, Outcome.OUTCOME_UNKNOWN)).at(-1);
    expect(ended?.state).toBe(CampaignState.CAMPAIGN_STATE_CANCELLED);
    expect(ended?.ledger?.open).toBe(0n);
  });

  it('7.4 10.10 who is erased in mid-campaign is counted, cut off, signed for, and not handed out', async () => {
    const { campaignId, members } = await draft(200, 1);
    await service().startCampaign({ campaignId });
    await until(campaignId, (now) => now.ledger?.open === 200n);
    const [contactId = ''] = members.slice(-1);
    const privacy = await StandInPrivacy.join(cluster, 'campaigns');
    expect(await privacy.erase(tenantId, 'contact', contactId)).toMatchObject({ service: 'campaigns' });
    const { campaign } = await service().getCampaign({ campaignId });
    expect(campaign?.ledger).toMatchObject({ audience: 200n, skippedByReason: { erased: 1n } });
    const { intents } = await service().listIntents(
      campaignsV1.ListIntentsRequest.fromPartial({ campaignId, outcome: Outcome.OUTCOME_SKIPPED }),
    );
    expect(intents).toMatchObject([{ contactId: '', intentId: '', reason: 'erased' }]);
    await service().cancelCampaign({ campaignId });
    const ended = (await untilEnded(campaignId, Outcome.OUTCOME_SENT)).at(-1);
    expect(ended?.ledger).toMatchObject({ audience: 200n, open: 0n });
    expect((await handedOut(campaignId)).map((event) => event.contactId)).not.toContain(contactId);
  });

  it('10.8 killed while it plans and while it hands out, it loses nobody and reaches nobody twice', async () => {
    const { campaignId, members } = await draft(2600, 2_000);
    const door = gate();
    lists.beforeBatch = (batch) => (batch === 3 ? door() : undefined);
    await service().startCampaign({ campaignId });
    await door.reached;
    await cluster.restart('campaigns');
    lists.beforeBatch = () => undefined;
    door.open();
    member = await cluster.asMember('campaigns', { tenantId });
    // The lease of the planner that was killed ends by itself.
    await untilHandedOut(campaignId, 500);
    await cluster.restart('campaigns');
    member = await cluster.asMember('campaigns', { tenantId });
    const ended = (await untilEnded(campaignId, Outcome.OUTCOME_SENT)).at(-1);
    expect(ended?.ledger).toMatchObject({ audience: 2600n, sent: 2600n, open: 0n });
    const events = await handedOut(campaignId);
    expect(events.map(({ contactId }) => contactId).sort()).toEqual(members);
  });

  it('pauses and resumes over the API', async () => {
    const { campaignId } = await draft(500, 100);
    await service().startCampaign({ campaignId });
    await untilHandedOut(campaignId, 1);
    const { campaign } = await service().pauseCampaign({ campaignId });
    expect(campaign?.state).toBe(CampaignState.CAMPAIGN_STATE_PAUSED);
    const before = (await handedOut(campaignId)).length;
    expect(await reasonOf(service().startCampaign({ campaignId }))).toBe('CAMPAIGN_NOT_DRAFT');
    expect((await handedOut(campaignId)).length).toBe(before);
    // On a slow machine as many wait at senders by now as may: they end, so that others can follow.
    const others = (await cluster.published(DispatchRequested)).filter(
      (event) => event.campaignId !== campaignId,
    );
    await conclude(Outcome.OUTCOME_SENT, new Set(others.map(({ intentId }) => intentId)));
    await service().resumeCampaign({ campaignId });
    await untilHandedOut(campaignId, before + 1);
    await service().cancelCampaign({ campaignId });
    expect(await reasonOf(service().resumeCampaign({ campaignId }))).toBe('CAMPAIGN_NOT_PAUSED');
  });

  it('templates are previewed with sample values and never change', async () => {
    const { template } = await templates().createTemplate(
      text({ name: 'welcome', htmlBody: '<p>{{ first_name }}</p>' }),
    );
    expect(template?.contactFields).toEqual(['first_name']);
    const templateId = template?.templateId ?? '';
    const preview = await templates().previewTemplate({ templateId, sample: { first_name: '<Eve>' } });
    expect(preview.subject).toBe('Hello <Eve>');
    expect(preview.htmlBody).toContain('&lt;Eve&gt;');
    expect(preview.textBody).toContain('1 Main Street');
    expect(preview.mailBytes).toBeGreaterThan(preview.textBody.length + preview.htmlBody.length - 1);
    const { REQUIREMENT_UNSUBSCRIBE } = campaignsV1.Requirement;
    const item = preview.reviewItems.find(({ requirement }) => requirement === REQUIREMENT_UNSUBSCRIBE);
    expect(item?.state).toBe(campaignsV1.ReviewState.REVIEW_STATE_MET);
    expect(await reasonOf(templates().createTemplate(text({ name: 'welcome' })))).toBe('TEMPLATE_NAME_TAKEN');
    expect(await reasonOf(templates().previewTemplate({ templateId, sample: { shoe_size: '44' } }))).toBe(
      'INVALID_ARGUMENT',
    );
  });

  it('takes templates with as many attachments as are allowed, and gives them back', async () => {
    const files = [2, 1].map((mebibytes) => ({
      ...{ name: `${mebibytes}.pdf`, contentType: 'application/pdf' },
      content: Buffer.alloc(mebibytes * 1024 * 1024, mebibytes),
    }));
    const texts = { textBody: 'ü'.repeat(32_000), htmlBody: 'ü'.repeat(128_000) };
    const { template } = await templates().createTemplate(text({ ...texts, attachments: files }));
    const { templateId = '' } = template ?? {};
    const whole = await templates().getTemplate({ templateId, attachmentContents: true });
    expect(whole.attachmentContents.map((content, at) => content.equals(files[at]!.content))).toEqual([
      true,
      true,
    ]);
  });

  it.each<[string, Partial<campaignsV1.CreateTemplateRequest>]>([
    ['INVALID_ARGUMENT', { attachments: Array(6).fill(PDF) as campaignsV1.NewAttachment[] }],
    ['INVALID_ARGUMENT', { attachments: [{ ...PDF, contentType: 'message/rfc822' }] }],
    [
      'INVALID_ARGUMENT',
      { attachments: [{ ...PDF, contentType: 'text/html; charset=x\r\nBcc: all@x.test' }] },
    ],
    ['INVALID_ARGUMENT', { attachments: [{ ...PDF, content: Buffer.alloc(0) }] }],
    ['INVALID_ARGUMENT', { attachments: [{ ...PDF, name: 'setup.exe' }] }],
    ['TEMPLATE_INVALID', { textBody: '{% if %}' }],
    ['TEMPLATE_NOT_ONE_LINE', { subject: 'one\ntwo' }],
    ['TEMPLATE_FIELD_UNKNOWN', { textBody: '{{ password }}' }],
    ['TEMPLATE_TOO_LARGE', { textBody: '{% for i in (1..100000000) %}a{% endfor %}' }],
    [
      'TEMPLATE_TOO_SLOW',
      {
        textBody:
          '{% for i in (1..900) %}{% for j in (1..900) %}{% if i == j %}x{% endif %}{% endfor %}{% endfor %}',
      },
    ],
    ['INVALID_ARGUMENT', { channel: typesV1.Channel.CHANNEL_VOICE }],
    ['INVALID_ARGUMENT', { subject: '' }],
    ['INVALID_ARGUMENT', { channel: 99 as typesV1.Channel }],
    ['INVALID_ARGUMENT', { textBody: 'a'.repeat(65_537) }],
    ['INVALID_ARGUMENT', { senderAddress: 'news@acme.example\r\nBcc: all@acme.example' }],
    ['INVALID_ARGUMENT', { senderName: 'Acme\nBcc: x' }],
    ['INVALID_ARGUMENT', { postalAddress: '' }],
    ['INVALID_ARGUMENT', { language: 'de' }],
    ['INVALID_ARGUMENT', { language: 'tlh', channel: typesV1.Channel.CHANNEL_VOICE }],
  ])('refuses with %s a template that is wrong', async (reason, change) => {
    expect(await reasonOf(templates().createTemplate(text(change)))).toBe(reason);
  });

  it('keeps the language of a script, English where none is named', async () => {
    const script = { channel: typesV1.Channel.CHANNEL_VOICE, subject: '', htmlBody: '', senderAddress: '' };
    for (const [language, kept] of [
      [undefined, 'en'],
      ['hi', 'hi'],
    ] as const) {
      const created = await templates().createTemplate(
        text({ ...script, postalAddress: '', ...(language && { language }) }),
      );
      const { templateId } = created.template!;
      const { template } = await templates().getTemplate({ templateId, attachmentContents: false });
      expect(template!.language).toBe(kept);
    }
  });

  it('refuses campaigns to lists and templates that are not there, and commands out of turn', async () => {
    const { campaignId } = await draft(1);
    const { template } = await templates().createTemplate(text());
    const create = (change: Partial<campaignsV1.CreateCampaignRequest>) =>
      reasonOf(
        service().createCampaign({
          ...{
            requestId: newId(),
            name: 'x',
            listId: lists.add(1).listId,
            templateId: template?.templateId ?? '',
          },
          ...{ purpose: 'marketing', ratePerSecond: 1, audienceLimit: 0n, steps: [] },
          ...change,
        }),
      );
    expect(await create({ listId: newId() })).toBe('NOT_FOUND');
    expect(await create({ templateId: newId() })).toBe('TEMPLATE_NOT_FOUND');
    expect(await create({ purpose: 'No Purpose!' })).toBe('INVALID_ARGUMENT');
    expect(await create({ ratePerSecond: 0 })).toBe('INVALID_ARGUMENT');
    expect(await create({ ratePerSecond: 10_001 })).toBe('INVALID_ARGUMENT');
    expect(await create({ audienceLimit: -1n })).toBe('INVALID_ARGUMENT');
    expect(await reasonOf(service().pauseCampaign({ campaignId }))).toBe('CAMPAIGN_NOT_RUNNING');
    expect(await reasonOf(service().resumeCampaign({ campaignId }))).toBe('CAMPAIGN_NOT_PAUSED');
    expect(await reasonOf(service().startCampaign({ campaignId: newId() }))).toBe('CAMPAIGN_NOT_FOUND');
    expect(await reasonOf(service().getCampaign({ campaignId: 'x' }))).toBe('INVALID_ARGUMENT');
    const page = campaignsV1.ListIntentsRequest.fromPartial({ campaignId, pageSize: 10 });
    expect(await reasonOf(service().listIntents({ ...page, pageToken: 'nonsense' }))).toBe(
      'INVALID_ARGUMENT',
    );
    expect(await reasonOf(service().listIntents({ ...page, pageToken: '', campaignId: newId() }))).toBe(
      'CAMPAIGN_NOT_FOUND',
    );
  });

  it('goes on in no list but the one that a page is of', async () => {
    for (let n = 0; n < 2; n++) await templates().createTemplate(text());
    const page = { pageSize: 1, channel: typesV1.Channel.CHANNEL_EMAIL };
    const first = campaignsV1.ListTemplatesRequest.fromPartial(page);
    const { nextPageToken: pageToken } = await templates().listTemplates(first);
    expect((await templates().listTemplates({ ...first, pageToken })).templates).toHaveLength(1);
    const elsewhere = campaignsV1.ListCampaignsRequest.fromPartial({ ...page, pageToken });
    await expect(service().listCampaigns(elsewhere)).rejects.toMatchObject({
      violations: [{ field: 'page_token', reason: 'PAGE_TOKEN_OF_OTHER_FILTER' }],
    });
  });

  it('I8 shows nothing of one tenant to another, nor obeys it', async () => {
    const { campaignId } = await draft(1);
    const stranger = (await cluster.asMember('campaigns', { tenantId: newId() })).of(
      campaignsV1.CampaignsServiceService,
    );
    expect(await reasonOf(stranger.getCampaign({ campaignId }))).toBe('CAMPAIGN_NOT_FOUND');
    expect(await reasonOf(stranger.cancelCampaign({ campaignId }))).toBe('CAMPAIGN_NOT_FOUND');
    const everything = campaignsV1.ListCampaignsRequest.fromPartial({});
    expect((await stranger.listCampaigns(everything)).campaigns).toEqual([]);
    const watched = stranger.watchCampaign({ campaignId })[Symbol.asyncIterator]();
    expect(await reasonOf(watched.next())).toBe('CAMPAIGN_NOT_FOUND');
    const auditor = await cluster.asMember('campaigns', { tenantId, roles: ['auditor'] });
    expect(
      await reasonOf(auditor.of(campaignsV1.CampaignsServiceService).startCampaign({ campaignId })),
    ).toBe('PERMISSION_MISSING');
  });

  it('repeats its answer to a repeated request', async () => {
    const request = text();
    const first = await templates().createTemplate(request);
    expect(await templates().createTemplate(request)).toEqual(first);
    expect(await reasonOf(templates().createTemplate({ ...request, subject: 'other' }))).toBe(
      'REQUEST_ID_REUSED',
    );
  });
});
