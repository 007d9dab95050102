import { campaignsV1 } from '@heed/contracts';
import { timeSpan } from '@heed/kernel';
import { type Engagement } from '../engagement/engagement.js';
import { type Ledger } from '../ledger/ledger.js';
import { type Campaign, type CampaignState, type LabelWaiver } from './campaign.js';
import { type CampaignFilter } from './campaign.store.js';
import { channelCode, channelOf } from './channel.js';
import { type FoundInStep } from './review-campaign.js';
import { type Finding } from './review.js';
import { outcomeCode, type Step } from './step.js';

const { CampaignState: Code } = campaignsV1;

/** `failing` is not told apart: there is nothing that anybody could still do about it. */
const CODES: Record<CampaignState, campaignsV1.CampaignState> = {
  draft: Code.CAMPAIGN_STATE_DRAFT,
  in_review: Code.CAMPAIGN_STATE_IN_REVIEW,
  scheduled: Code.CAMPAIGN_STATE_SCHEDULED,
  needs_confirmation: Code.CAMPAIGN_STATE_NEEDS_CONFIRMATION,
  planning: Code.CAMPAIGN_STATE_PLANNING,
  running: Code.CAMPAIGN_STATE_RUNNING,
  paused: Code.CAMPAIGN_STATE_PAUSED,
  cancelling: Code.CAMPAIGN_STATE_CANCELLING,
  failing: Code.CAMPAIGN_STATE_FAILED,
  completed: Code.CAMPAIGN_STATE_COMPLETED,
  cancelled: Code.CAMPAIGN_STATE_CANCELLED,
  failed: Code.CAMPAIGN_STATE_FAILED,
};

export const LABEL_WAIVERS: Partial<Record<campaignsV1.LabelWaiver, LabelWaiver>> = {
  [campaignsV1.LabelWaiver.LABEL_WAIVER_NOT_ADVERTISING]: 'not_advertising',
  [campaignsV1.LabelWaiver.LABEL_WAIVER_NOBODY_THERE]: 'nobody_there',
};

const REASONS: Record<Finding, campaignsV1.ReviewReason> = {
  subject_like_reply: campaignsV1.ReviewReason.REVIEW_REASON_SUBJECT_LIKE_REPLY,
  subject_shouts: campaignsV1.ReviewReason.REVIEW_REASON_SUBJECT_SHOUTS,
  subject_presses: campaignsV1.ReviewReason.REVIEW_REASON_SUBJECT_PRESSES,
  label_missing: campaignsV1.ReviewReason.REVIEW_REASON_LABEL_MISSING,
  // Never held for these: they are refused.
  unsubscribe_hidden: campaignsV1.ReviewReason.REVIEW_REASON_UNSPECIFIED,
  postal_address_hidden: campaignsV1.ReviewReason.REVIEW_REASON_UNSPECIFIED,
};

export interface Seen {
  ledger: Ledger;
  steps: readonly (Step & { ledger: Ledger })[];
  findings: readonly FoundInStep[];
  deliveriesUntil: Date | undefined;
  engagement: Engagement;
}

export function messageOf(
  campaign: Campaign,
  { ledger, steps, findings, deliveriesUntil, engagement }: Seen,
): campaignsV1.Campaign {
  const { tenantId: _t, heldFor: _h, approvedBy: _a, confirmedBy: _c, revision, ...shown } = campaign;
  const { startAt, startedAt, finishedAt, createdAt } = shown;
  return {
    ...shown,
    etag: String(revision),
    channel: channelCode(campaign.channel),
    state: CODES[campaign.state],
    ledger,
    engagement,
    steps: steps.map(stepMessage),
    findings: findings.map(({ step, finding }) => ({ step, reason: REASONS[finding] })),
    createdAt: createdAt.toISOString(),
    deliveriesUntil: deliveriesUntil?.toISOString() ?? '',
    startAt: startAt?.toISOString() ?? '',
    startedAt: startedAt?.toISOString() ?? '',
    finishedAt: finishedAt?.toISOString() ?? '',
  };
}

function stepMessage({
  channel,
  follows,
  outcomes,
  delaySeconds,
  bouncedWithinSeconds,
  ...rest
}: Step & { ledger: Ledger }) {
  return {
    ...rest,
    channel: channelCode(channel),
    follows: follows ?? 0,
    outcomes: outcomes.map(outcomeCode),
    delaySeconds: BigInt(delaySeconds),
    bouncedWithinSeconds: BigInt(bouncedWithinSeconds ?? 0),
  };
}

export function filterOf(request: campaignsV1.ListCampaignsRequest): CampaignFilter {
  const { listId, templateId, nameContains, createdAfter, createdBefore } = request;
  return {
    ...{ states: statesOf(request.state), channel: channelOf(request.channel) },
    ...{ listId, templateId, nameContains },
    created: timeSpan('created', createdAfter, createdBefore),
  };
}

/** The states that a filter means; undefined: all. */
function statesOf(code: campaignsV1.CampaignState): CampaignState[] | undefined {
  if (code === Code.CAMPAIGN_STATE_UNSPECIFIED) return undefined;
  return (Object.keys(CODES) as CampaignState[]).filter((state) => CODES[state] === code);
}
