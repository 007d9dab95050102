import { campaignsV1, typesV1 } from '@heed/contracts';
import { type HeedClient } from '@heed/client';
import { newId } from '@heed/kernel';
import { PURPOSE } from '../example/example-contacts.js';
import { type LedgerFigures } from '../report.js';

const FOLLOW_MS = 10 * 60_000;

export const SENDER = {
  senderName: 'Acme News',
  senderAddress: 'news@acme.example',
  postalAddress: 'Acme Outreach Ltd, 1 Main Street, Springfield',
};

export interface CampaignPlan {
  name: string;
  subject: string;
  text: string;
  listId: string;
  ratePerSecond: number;
  limit: number;
  /** What is said to those whose message came back, and how long it may take to. */
  call?: { script: string; withinSeconds: number };
}

/** Steps 3 and 4: a template, a draft made of it, begun. */
export async function startCampaign(manager: HeedClient, plan: CampaignPlan): Promise<string> {
  const templateId = await templateFor(manager, plan);
  const { campaign } = await manager.campaigns.createCampaign({
    requestId: newId(),
    name: plan.name,
    listId: plan.listId,
    templateId: plan.call ? '' : templateId,
    purpose: PURPOSE,
    ratePerSecond: plan.ratePerSecond,
    audienceLimit: BigInt(plan.limit),
    steps: plan.call ? await stepsOf(manager, plan.name, templateId, plan.call) : [],
  });
  await manager.campaigns.startCampaign({ campaignId: campaign!.campaignId });
  return campaign!.campaignId;
}

/** What a mail says, and who sends it. */
export async function templateFor(
  manager: HeedClient,
  { name, subject, text }: Pick<CampaignPlan, 'name' | 'subject' | 'text'>,
): Promise<string> {
  const { template } = await manager.templates.createTemplate({
    requestId: newId(),
    name,
    channel: typesV1.Channel.CHANNEL_EMAIL,
    subject,
    textBody: text,
    htmlBody: `<p>${text}</p>`,
    ...SENDER,
    kind: campaignsV1.TemplateKind.TEMPLATE_KIND_MARKETING,
    variables: [],
    ...{ trackOpens: false, trackClicks: false },
    attachments: [],
  });
  return template!.templateId;
}

/** The message, and a call to those whom it did not reach. */
async function stepsOf(
  manager: HeedClient,
  name: string,
  templateId: string,
  { script, withinSeconds }: NonNullable<CampaignPlan['call']>,
): Promise<campaignsV1.StepPlan[]> {
  const { template } = await manager.templates.createTemplate({
    ...{ requestId: newId(), name: `${name}, called`, channel: typesV1.Channel.CHANNEL_VOICE },
    ...{ subject: '', textBody: script, htmlBody: '', senderName: SENDER.senderName },
    ...{ senderAddress: '', postalAddress: '' },
    kind: campaignsV1.TemplateKind.TEMPLATE_KIND_MARKETING,
    variables: [],
    ...{ trackOpens: false, trackClicks: false },
    attachments: [],
  });
  const first = campaignsV1.StepPlan.fromPartial({ templateId });
  const second = campaignsV1.StepPlan.fromPartial({
    ...{ templateId: template!.templateId, follows: 1, outcomes: [typesV1.Outcome.OUTCOME_FAILED] },
    bouncedWithinSeconds: BigInt(withinSeconds),
  });
  return [first, second];
}

/** Follows a campaign until `until` holds, or to its end. */
export async function follow(
  manager: HeedClient,
  campaignId: string,
  until: (campaign: campaignsV1.Campaign) => boolean = () => false,
): Promise<campaignsV1.Campaign> {
  let last: campaignsV1.Campaign | undefined;
  for await (const { campaign } of manager.campaigns.watchCampaign(
    { campaignId },
    { timeoutMs: FOLLOW_MS },
  )) {
    last = campaign;
    if (campaign && until(campaign)) break;
  }
  if (!last) throw new Error('the campaign cannot be watched');
  return last;
}

export function ledgerOf({ ledger }: Pick<campaignsV1.Campaign, 'ledger'>): LedgerFigures {
  const {
    audience = 0n,
    sent = 0n,
    failed = 0n,
    unknown = 0n,
    open = 0n,
    skippedByReason = {},
  } = ledger ?? {};
  return {
    audience: Number(audience),
    sent: Number(sent),
    skipped: Object.fromEntries(Object.entries(skippedByReason).map(([reason, n]) => [reason, Number(n)])),
    failed: Number(failed),
    unknown: Number(unknown),
    open: Number(open),
  };
}

/** Of first tries: audience = sent + skipped + failed + unknown + open (I7). */
export function balance({ audience, sent, skipped, failed, unknown, open }: LedgerFigures): number {
  const skippedInAll = Object.values(skipped).reduce((sum, n) => sum + n, 0);
  return audience - (sent + skippedInAll + failed + unknown + open);
}

export function progressOf(campaign: campaignsV1.Campaign): number {
  const { audience = 0n, open = 0n } = campaign.ledger ?? {};
  return audience === 0n ? 0 : Number(audience - open) / Number(audience);
}
