import { Inject, Injectable } from '@nestjs/common';
import { type campaignsV1 } from '@heed/contracts';
import { CLOCK, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { Pacer } from '../dispatch/pacer.js';
import { wakeWork } from '../dispatch/work.store.js';
import { CampaignChanges } from '../ledger/campaign-changes.js';
import { lockLedgers, settle } from '../ledger/ledger.store.js';
import { resetPaces } from '../ledger/step-ledger.store.js';
import { refusal } from '../errors.js';
import { follows, type Campaign, type CampaignState, type Command } from './campaign.js';
import { isUnlawful } from './review.js';
import { reviewed } from './review-campaign.js';
import { campaignSeen } from './see-campaigns.js';
import { stepsOf } from './step.store.js';
import { campaignById, saveState } from './campaign.store.js';

/** Start, pause, resume, cancel: a change of state behind the campaign's lock; the pacer does what follows from it. */
@Injectable()
export class CommandCampaign {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly pacer: Pacer,
    private readonly changes: CampaignChanges,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  run(caller: Caller, campaignId: string, command: Command): Promise<campaignsV1.Campaign> {
    return this.uow.run(caller.tenantId, async (tx) => {
      const at = this.clock.now();
      await campaignById(tx, campaignId);
      // Its work's row is locked before its ledger's, as everywhere. A pause needs no work: the pacer finds it.
      if (command !== 'pause') await wakeWork(tx, campaignId, at);
      await lockLedgers(tx, [campaignId]);
      const before = await campaignById(tx, campaignId);
      const state = follows(command, before.state);
      if (state !== undefined) {
        if (command === 'approve') mayApprove(caller, before);
        await this.change(tx, caller, before, { command, state, at });
        // What was not handed out meanwhile is not made up for.
        if (command === 'resume') await resetPaces(tx, campaignId, at);
        // A draft, and whatever else has nothing open, is cancelled at once.
        if (command === 'cancel') await settle(tx, [campaignId], at);
      }
      tx.afterCommit(() => {
        this.changes.ring([campaignId]);
        this.pacer.wake();
      });
      return campaignSeen(tx, campaignId);
    });
  }

  /** A start is held where a second person is to look at the texts first. */
  private async change(
    tx: Tx,
    { actorId }: Caller,
    { campaignId }: Campaign,
    { command, state, at }: { command: Command; state: CampaignState; at: Date },
  ): Promise<void> {
    if (command === 'approve') {
      return saveState(tx, campaignId, state, { startedAt: at, approvedBy: actorId });
    }
    if (command !== 'start') return saveState(tx, campaignId, state);
    const findings = await reviewed(tx, (await stepsOf(tx, [campaignId])).get(campaignId) ?? []);
    if (findings.some(({ finding }) => isUnlawful(finding))) throw refusal('CAMPAIGN_UNLAWFUL');
    if (findings.length > 0) return saveState(tx, campaignId, 'in_review', { heldFor: actorId });
    return saveState(tx, campaignId, state, { startedAt: at });
  }
}

function mayApprove({ actorId }: Caller, { heldFor }: Campaign): void {
  if (actorId === heldFor) throw refusal('APPROVAL_BY_ANOTHER');
}
