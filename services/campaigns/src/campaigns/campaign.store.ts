import { type Tx } from '@heed/postgres';
import { In, LessThan } from 'typeorm';
import { refusal } from '../errors.js';
import { type Campaign, type CampaignState } from './campaign.js';
import { CampaignEntity } from './campaign.entity.js';

export async function insertCampaign(tx: Tx, campaign: Campaign): Promise<void> {
  await tx.manager.insert(CampaignEntity, campaign);
}

export async function campaignById(tx: Tx, campaignId: string): Promise<Campaign> {
  const found = await tx.manager.findOneBy(CampaignEntity, { tenantId: tx.tenantId, campaignId });
  if (!found) throw refusal('CAMPAIGN_NOT_FOUND');
  return found;
}

/** Newest first: ids are UUIDv7. */
export function campaignsBefore(
  tx: Tx,
  page: { states?: CampaignState[]; before?: string; limit: number },
): Promise<Campaign[]> {
  const { states, before, limit } = page;
  return tx.manager.find(CampaignEntity, {
    where: {
      tenantId: tx.tenantId,
      ...(states && { state: In(states) }),
      ...(before !== undefined && { campaignId: LessThan(before) }),
    },
    order: { campaignId: 'DESC' },
    take: limit,
  });
}

/** Behind the lock of the campaign's ledger, which is the campaign's lock. */
export async function saveState(
  tx: Tx,
  campaignId: string,
  state: CampaignState,
  startedAt?: Date,
): Promise<void> {
  await tx.manager.update(
    CampaignEntity,
    { tenantId: tx.tenantId, campaignId },
    { state, ...(startedAt && { startedAt }) },
  );
}
