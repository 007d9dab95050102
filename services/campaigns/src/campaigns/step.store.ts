import { type Tx } from '@heed/postgres';
import { In } from 'typeorm';
import { type Step } from './step.js';
import { StepEntity } from './step.entity.js';

export async function insertSteps(tx: Tx, campaignId: string, steps: readonly Step[]): Promise<void> {
  const { tenantId } = tx;
  await tx.manager.insert(
    StepEntity,
    steps.map((step) => ({ tenantId, campaignId, ...step })),
  );
}

/** Behind the lock of the campaign's ledger. */
export async function saveStep(tx: Tx, campaignId: string, step: Step): Promise<void> {
  const { step: number, ...changes } = step;
  await tx.manager.update(StepEntity, { tenantId: tx.tenantId, campaignId, step: number }, changes);
}

/** Behind the lock of the campaign's ledger; its own ledger goes first. */
export async function deleteStep(tx: Tx, campaignId: string, step: number): Promise<void> {
  await tx.manager.delete(StepEntity, { tenantId: tx.tenantId, campaignId, step });
}

/** The steps of some campaigns, each campaign's by number. */
export async function stepsOf(tx: Tx, campaignIds: readonly string[]): Promise<Map<string, Step[]>> {
  const rows = await tx.manager.find(StepEntity, {
    where: { tenantId: tx.tenantId, campaignId: In([...campaignIds]) },
    order: { step: 'ASC' },
  });
  const steps = new Map<string, Step[]>(campaignIds.map((id) => [id, []]));
  for (const { tenantId: _, campaignId, ...step } of rows) steps.get(campaignId)?.push(step);
  return steps;
}

/** Which of these campaigns have a step that follows another: with most there is nothing to plan at an end. */
export async function withFollowingSteps(tx: Tx, campaignIds: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ campaign_id: string }>(
    `select distinct campaign_id from campaign_step
     where tenant_id = $1 and campaign_id = any ($2::uuid[]) and step > 1`,
    [tx.tenantId, campaignIds],
  );
  return rows.map((row) => row.campaign_id);
}
