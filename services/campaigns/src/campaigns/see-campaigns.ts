import { type campaignsV1 } from '@heed/contracts';
import { type Tx } from '@heed/postgres';
import { NO_ENGAGEMENT } from '../engagement/engagement.js';
import { engagementsOf } from '../engagement/engagement.store.js';
import { deliveriesUntil, EMPTY, ledgersOf } from '../ledger/ledger.store.js';
import { stepLedgersOf } from '../ledger/step-ledger.store.js';
import { messageOf } from './campaign-message.js';
import { type Campaign } from './campaign.js';
import { campaignById } from './campaign.store.js';
import { reviewed, type FoundInStep } from './review-campaign.js';
import { stepsOf } from './step.store.js';

/** Campaigns as callers see them, with their steps and ledgers. */
export async function campaignsSeen(tx: Tx, campaigns: readonly Campaign[]): Promise<campaignsV1.Campaign[]> {
  if (campaigns.length === 0) return [];
  const ids = campaigns.map(({ campaignId }) => campaignId);
  const steps = await stepsOf(tx, ids);
  const stepLedgers = await stepLedgersOf(tx, ids);
  const ledgers = await ledgersOf(tx, ids);
  const until = await deliveriesUntil(tx, ids);
  const engagements = await engagementsOf(tx, ids);
  const findings = new Map<string, FoundInStep[]>();
  for (const { campaignId, state, labelsDue } of campaigns) {
    if (state !== 'in_review') continue;
    findings.set(campaignId, await reviewed(tx, steps.get(campaignId) ?? [], labelsDue));
  }
  return campaigns.map((campaign) => {
    const { campaignId } = campaign;
    return messageOf(campaign, {
      ledger: ledgers.get(campaignId) ?? EMPTY,
      engagement: engagements.get(campaignId) ?? NO_ENGAGEMENT,
      findings: findings.get(campaignId) ?? [],
      deliveriesUntil: until.get(campaignId),
      steps: (steps.get(campaignId) ?? []).map((step) => ({
        ...step,
        ledger: stepLedgers.get(campaignId)?.get(step.step) ?? EMPTY,
      })),
    });
  });
}

/** The state is read first, the ledgers after it: a campaign that has ended is never seen with something open. */
export async function campaignSeen(tx: Tx, campaignId: string): Promise<campaignsV1.Campaign> {
  const [seen] = await campaignsSeen(tx, [await campaignById(tx, campaignId)]);
  return seen!;
}
