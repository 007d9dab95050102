import { messagingV1 } from '@heed/contracts';
import { type EngagementEntity } from './engagement.entity.js';
import { type AutomatedReason, type EngagementKind } from './engagement.js';
import { type EngagementFilter } from './engagement.store.js';

const KINDS: Record<EngagementKind, messagingV1.EngagementKind> = {
  open: messagingV1.EngagementKind.ENGAGEMENT_KIND_OPEN,
  click: messagingV1.EngagementKind.ENGAGEMENT_KIND_CLICK,
  trap: messagingV1.EngagementKind.ENGAGEMENT_KIND_TRAP,
};

const REASONS: Record<AutomatedReason, messagingV1.AutomatedReason> = {
  '': messagingV1.AutomatedReason.AUTOMATED_REASON_UNSPECIFIED,
  head: messagingV1.AutomatedReason.AUTOMATED_REASON_HEAD,
  agent: messagingV1.AutomatedReason.AUTOMATED_REASON_AGENT,
  network: messagingV1.AutomatedReason.AUTOMATED_REASON_NETWORK,
  prefetch: messagingV1.AutomatedReason.AUTOMATED_REASON_PREFETCH,
  trap: messagingV1.AutomatedReason.AUTOMATED_REASON_TRAP,
  burst: messagingV1.AutomatedReason.AUTOMATED_REASON_BURST,
  too_soon: messagingV1.AutomatedReason.AUTOMATED_REASON_TOO_SOON,
};

export function engagementMessage(row: EngagementEntity): messagingV1.Engagement {
  const { engagementId, attemptId, contactId, campaignId, step, link, kind, reason, occurredAt } = row;
  return {
    ...{ engagementId, attemptId, contactId, campaignId: campaignId ?? '', step, link },
    ...{ kind: KINDS[kind], automated: reason !== '', reason: REASONS[reason] },
    occurredAt: occurredAt.toISOString(),
  };
}

export function filterOf(request: messagingV1.ListEngagementsRequest): EngagementFilter {
  const { campaignId, contactId, attemptId, kind, automated } = request;
  const kinds = Object.keys(KINDS) as EngagementKind[];
  return { campaignId, contactId, attemptId, automated, kind: kinds.find((name) => KINDS[name] === kind) };
}
