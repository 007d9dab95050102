import { Inject, Injectable } from '@nestjs/common';
import { type campaignsV1 } from '@heed/contracts';
import { TellActs } from '@heed/data-rights';
import { CLOCK, invalidArgument, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { CampaignChanges } from '../ledger/campaign-changes.js';
import { lockLedgers } from '../ledger/ledger.store.js';
import { noteEdited, reachedBy } from '../ledger/step-ledger.store.js';
import { templateById } from '../templates/template.store.js';
import { refusal } from '../errors.js';
import { edited, refuseLate, refuseUnsound } from './edit-step.js';
import { type Campaign } from './campaign.js';
import { campaignById, saveCampaign } from './campaign.store.js';
import { refuseStale, reviewAnew } from './review-anew.js';
import { campaignSeen } from './see-campaigns.js';
import { StepEditEntity } from './step-edit.entity.js';
import { bounceViolations, type Step } from './step.js';
import { saveStep, stepsOf } from './step.store.js';

/** Changes a step that has reached nobody yet, behind the campaign's lock: what is handed out next is the new one. */
@Injectable()
export class UpdateStep {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly changes: CampaignChanges,
    private readonly audit: TellActs,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  update(caller: Caller, request: campaignsV1.UpdateStepRequest): Promise<campaignsV1.Campaign> {
    const { campaignId, step: number } = request;
    return this.uow.run(caller.tenantId, async (tx) => {
      const at = this.clock.now();
      await campaignById(tx, campaignId);
      await lockLedgers(tx, [campaignId]);
      const campaign = await campaignById(tx, campaignId);
      const steps = (await stepsOf(tx, [campaignId])).get(campaignId) ?? [];
      const before = steps.find(({ step }) => step === number);
      if (!before) throw refusal('STEP_NOT_FOUND');
      const { step, fields } = edited(before, request, await channelOf(tx, request, before));
      // The same call again, whose first answer was lost.
      if (fields.length === 0) return campaignSeen(tx, campaignId);
      refuseStale(campaign, request.etag);
      refuseUnsound(step, request);
      const reached = await reachedBy(tx, campaignId, number);
      const isFirstPlanned = number === 1 && (campaign.state === 'planning' || campaign.state === 'running');
      refuseLate(
        campaign,
        { ...reached, isPlanned: reached.isPlanned || isFirstPlanned },
        { fields, isOtherChannel: step.channel !== before.channel },
      );
      const next = steps.map((one) => (one.step === number ? step : one));
      const violations = bounceViolations(next);
      if (violations.length > 0) throw invalidArgument(...violations);
      await saveStep(tx, campaignId, step);
      await noteEdited(tx, campaignId, number, at);
      await this.audit.tell(tx, caller, campaignId);
      await this.save(tx, caller, campaign, { before, step, fields, next, at });
      tx.afterCommit(() => this.changes.ring([campaignId]));
      return campaignSeen(tx, campaignId);
    });
  }

  private async save(
    tx: Tx,
    { actorId }: Caller,
    campaign: Campaign,
    edit: { before: Step; step: Step; fields: string[]; next: Step[]; at: Date },
  ): Promise<void> {
    const { before, step, fields, next, at } = edit;
    const { campaignId } = campaign;
    const revision = campaign.revision + 1;
    const { templateId, channel, ratePerSecond } = step;
    const first = step.step === 1 ? { templateId, channel, ratePerSecond } : {};
    const review = fields.includes('template_id') ? await reviewAnew(tx, actorId, campaign, next) : {};
    await saveCampaign(tx, campaignId, { revision, ...first, ...review });
    await tx.manager.insert(StepEditEntity, {
      ...{ tenantId: tx.tenantId, campaignId, revision, step: step.step, fields },
      ...{ templateBefore: before.templateId, actorId, editedAt: at },
    });
  }
}

/** Not found is said before anything else: it is another's, or nobody's. */
async function channelOf(
  tx: Tx,
  { updateMask, templateId }: campaignsV1.UpdateStepRequest,
  before: Step,
): Promise<Step['channel']> {
  if (!updateMask.includes('template_id')) return before.channel;
  if (templateId === '') throw invalidArgument({ field: 'template_id', reason: 'REQUIRED' });
  return (await templateById(tx, templateId)).channel;
}
