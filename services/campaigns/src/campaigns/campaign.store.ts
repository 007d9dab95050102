import { type TimeSpan } from '@heed/kernel';
import { within, type Tx } from '@heed/postgres';
import { In, LessThan, Raw, type FindOptionsWhere } from 'typeorm';
import { refusal } from '../errors.js';
import { hasEnded, skipsBecause, type Campaign, type CampaignState, type Channel } from './campaign.js';
import { CampaignEntity } from './campaign.entity.js';

export async function insertCampaign(tx: Tx, campaign: Campaign): Promise<void> {
  await tx.manager.insert(CampaignEntity, campaign);
}

export async function campaignById(tx: Tx, campaignId: string): Promise<Campaign> {
  const found = await tx.manager.findOneBy(CampaignEntity, { tenantId: tx.tenantId, campaignId });
  if (!found) throw refusal('CAMPAIGN_NOT_FOUND');
  return found;
}

/** What is empty or undefined asks for nothing. */
export interface CampaignFilter {
  states: CampaignState[] | undefined;
  listId: string;
  templateId: string;
  channel: Channel | undefined;
  nameContains: string;
  created: TimeSpan;
}

/** Newest first: ids are UUIDv7. */
export function campaignsBefore(
  tx: Tx,
  filter: CampaignFilter,
  before: string | undefined,
  limit: number,
): Promise<Campaign[]> {
  const where: FindOptionsWhere<CampaignEntity> = { tenantId: tx.tenantId };
  const createdAt = within(filter.created);
  const { nameContains } = filter;
  if (filter.states) where.state = In(filter.states);
  if (filter.listId) where.listId = filter.listId;
  if (filter.templateId) where.templateId = filter.templateId;
  if (filter.channel) where.channel = filter.channel;
  if (nameContains)
    where.name = Raw((name) => `strpos(lower(${name}), lower(:nameContains)) > 0`, { nameContains });
  if (createdAt) where.createdAt = createdAt;
  if (before !== undefined) where.campaignId = LessThan(before);
  return tx.manager.find(CampaignEntity, { where, order: { campaignId: 'DESC' }, take: limit });
}

type Label = 'labelsDue' | 'labelWaiver';

/** Behind the lock of the campaign's ledger, which is the campaign's lock. */
export async function saveState(
  tx: Tx,
  campaignId: string,
  state: CampaignState,
  more: Partial<
    Pick<Campaign, 'startedAt' | 'heldFor' | 'approvedBy' | 'startAt' | 'confirmedBy' | Label>
  > = {},
): Promise<void> {
  await tx.manager.update(CampaignEntity, { tenantId: tx.tenantId, campaignId }, { state, ...more });
}

/** Behind the lock of the campaign's ledger. */
export async function saveCampaign(tx: Tx, campaignId: string, changes: Partial<Campaign>): Promise<void> {
  await tx.manager.update(CampaignEntity, { tenantId: tx.tenantId, campaignId }, changes);
}

/** Why those of the campaigns skip that are on their way to an end, or at it. */
export async function endReasonsOf(tx: Tx, campaignIds: readonly string[]): Promise<Map<string, string>> {
  const states = await statesOf(tx, campaignIds);
  return new Map(
    [...states].flatMap(([id, state]) => {
      const reason = skipsBecause(state);
      return reason === undefined ? [] : [[id, reason]];
    }),
  );
}

/** Those of the campaigns that neither end nor have ended. */
export async function goingOn(tx: Tx, campaignIds: readonly string[]): Promise<Set<string>> {
  const states = await statesOf(tx, campaignIds);
  return new Set(
    [...states].flatMap(([id, state]) => (hasEnded(state) || skipsBecause(state) !== undefined ? [] : [id])),
  );
}

/** Behind the campaigns' locks. */
async function statesOf(tx: Tx, campaignIds: readonly string[]): Promise<Map<string, CampaignState>> {
  const rows = await tx.query<{ campaign_id: string; state: CampaignState }>(
    'select campaign_id, state from campaign where tenant_id = $1 and campaign_id = any ($2::uuid[])',
    [tx.tenantId, campaignIds],
  );
  return new Map(rows.map((row) => [row.campaign_id, row.state]));
}
