import { Inject, Injectable } from '@nestjs/common';
import { campaignsV1 } from '@heed/contracts';
import { TellActs } from '@heed/data-rights';
import { CLOCK, invalidArgument, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { RequestReplay } from '@heed/rpc';
import { refusal } from '../errors.js';
import { CampaignChanges } from '../ledger/campaign-changes.js';
import { lockLedgers } from '../ledger/ledger.store.js';
import { closeStepLedger, openStepLedgers, reachedBy } from '../ledger/step-ledger.store.js';
import { templateById } from '../templates/template.store.js';
import { hasEnded, skipsBecause, type Campaign } from './campaign.js';
import { campaignById, saveCampaign } from './campaign.store.js';
import { refuseStale, reviewAnew } from './review-anew.js';
import { campaignSeen } from './see-campaigns.js';
import { StepEditEntity } from './step-edit.entity.js';
import { addedStep, bounceViolations, MOST_STEPS, type Step } from './step.js';
import { deleteStep, insertSteps, stepsOf } from './step.store.js';

/** Adds steps to a campaign and removes those that nobody is planned for, behind its lock. */
@Injectable()
export class ChangeSteps {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly replay: RequestReplay,
    private readonly changes: CampaignChanges,
    private readonly audit: TellActs,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  add(caller: Caller, request: campaignsV1.AddStepRequest): Promise<campaignsV1.AddStepResponse> {
    const content = campaignsV1.AddStepRequest.encode(request).finish();
    const { requestId, campaignId, etag } = request;
    return this.uow.run(caller.tenantId, (tx) =>
      this.replay.once(tx, caller, requestId, content, campaignsV1.AddStepResponse, async () => {
        const { campaign, steps } = await this.locked(tx, campaignId, etag);
        const step = await this.stepOf(tx, request, steps, campaign);
        const next = [...steps, step];
        const review = await reviewAnew(tx, caller.actorId, campaign, next);
        const at = this.clock.now();
        await insertSteps(tx, campaignId, [step]);
        await openStepLedgers(tx, campaignId, [step], at);
        await this.note(tx, caller, campaign, { step, what: 'added', at, review });
        return { campaign: await campaignSeen(tx, campaignId) };
      }),
    );
  }

  remove(caller: Caller, request: campaignsV1.RemoveStepRequest): Promise<campaignsV1.RemoveStepResponse> {
    const content = campaignsV1.RemoveStepRequest.encode(request).finish();
    const { requestId, campaignId, etag, step: number } = request;
    return this.uow.run(caller.tenantId, (tx) =>
      this.replay.once(tx, caller, requestId, content, campaignsV1.RemoveStepResponse, async () => {
        const { campaign, steps } = await this.locked(tx, campaignId, etag);
        const step = steps.find((one) => one.step === number);
        if (!step) throw refusal('STEP_NOT_FOUND');
        if (number === 1) throw refusal('STEP_FIRST');
        if (steps.some(({ follows }) => follows === number)) throw refusal('STEP_FOLLOWED');
        const { isPlanned, isHandedOut } = await reachedBy(tx, campaignId, number);
        if (isHandedOut) throw refusal('STEP_HANDED_OUT');
        if (isPlanned) throw refusal('STEP_PLANNED');
        await closeStepLedger(tx, campaignId, number);
        await deleteStep(tx, campaignId, number);
        await this.note(tx, caller, campaign, { step, what: 'removed', at: this.clock.now(), review: {} });
        return { campaign: await campaignSeen(tx, campaignId) };
      }),
    );
  }

  private async locked(
    tx: Tx,
    campaignId: string,
    etag: string,
  ): Promise<{ campaign: Campaign; steps: Step[] }> {
    await campaignById(tx, campaignId);
    await lockLedgers(tx, [campaignId]);
    const campaign = await campaignById(tx, campaignId);
    refuseStale(campaign, etag);
    const { state } = campaign;
    if (hasEnded(state) || skipsBecause(state) !== undefined) throw refusal('CAMPAIGN_ENDED');
    return { campaign, steps: (await stepsOf(tx, [campaignId])).get(campaignId) ?? [] };
  }

  private async stepOf(
    tx: Tx,
    { step: plan }: campaignsV1.AddStepRequest,
    steps: readonly Step[],
    { ratePerSecond }: Campaign,
  ): Promise<Step> {
    const number = Math.max(...steps.map(({ step }) => step)) + 1;
    if (number > MOST_STEPS) throw refusal('STEPS_FULL');
    const planned = addedStep(plan!, number, steps, ratePerSecond);
    const { channel, kind } = await templateById(tx, planned.templateId);
    if (kind === 'transactional') throw refusal('TEMPLATE_TRANSACTIONAL');
    const step = { ...planned, channel };
    const violations = bounceViolations([...steps, step]);
    if (violations.length > 0) throw invalidArgument(...violations);
    return step;
  }

  private async note(
    tx: Tx,
    caller: Caller,
    { campaignId, revision: before }: Campaign,
    { step, what, at, review }: { step: Step; what: string; at: Date; review: Partial<Campaign> },
  ): Promise<void> {
    const revision = before + 1;
    await saveCampaign(tx, campaignId, { revision, ...review });
    await tx.manager.insert(StepEditEntity, {
      ...{ tenantId: tx.tenantId, campaignId, revision, step: step.step, fields: [what] },
      ...{ templateBefore: step.templateId, actorId: caller.actorId, editedAt: at },
    });
    await this.audit.tell(tx, caller, campaignId);
    tx.afterCommit(() => this.changes.ring([campaignId]));
  }
}
