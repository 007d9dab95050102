import { Inject, Injectable } from '@nestjs/common';
import { CampaignHeld, campaignsV1 } from '@heed/contracts';
import { Outbox } from '@heed/events';
import { CLOCK, invalidArgument, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { Pacer } from '../dispatch/pacer.js';
import { wakeWork } from '../dispatch/work.store.js';
import { CampaignChanges } from '../ledger/campaign-changes.js';
import { lockLedgers, settle } from '../ledger/ledger.store.js';
import { resetPaces } from '../ledger/step-ledger.store.js';
import { refusal } from '../errors.js';
import { follows, hasEnded, type Campaign, type CampaignState, type Command } from './campaign.js';
import { isUnlawful } from './review.js';
import { reviewed, type FoundInStep } from './review-campaign.js';
import { campaignSeen } from './see-campaigns.js';
import { stepsOf } from './step.store.js';
import { refuseStale } from './review-anew.js';
import { campaignById, saveState } from './campaign.store.js';

/** Start, pause, resume, cancel: a change of state behind the campaign's lock; the pacer does what follows from it. */
@Injectable()
export class CommandCampaign {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly outbox: Outbox,
    private readonly pacer: Pacer,
    private readonly changes: CampaignChanges,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  run(
    caller: Caller,
    campaignId: string,
    command: Command,
    { startAt, etag = '' }: Given = {},
  ): Promise<campaignsV1.Campaign> {
    return this.uow.run(caller.tenantId, async (tx) => {
      const at = this.clock.now();
      await campaignById(tx, campaignId);
      // Its work's row is locked before its ledger's, as everywhere. A pause needs no work: the pacer finds it.
      if (command !== 'pause') await wakeWork(tx, campaignId, at);
      await lockLedgers(tx, [campaignId]);
      const before = await campaignById(tx, campaignId);
      const state = isThere(before, startAt) ? undefined : follows(command, before.state);
      if (state !== undefined) {
        refuseStale(before, etag);
        await this.change(tx, caller, before, { command, state, at, startAt });
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

  private async change(tx: Tx, caller: Caller, before: Campaign, next: Change): Promise<void> {
    const { actorId } = caller;
    const { campaignId, startAt } = before;
    const { command, state, at } = next;
    switch (command) {
      case 'schedule':
        if (next.startAt! < at) throw invalidArgument({ field: 'start_at', reason: 'IN_THE_PAST' });
        return this.begin(tx, caller, before, next);
      case 'start':
        return this.begin(tx, caller, before, next);
      case 'unschedule':
        return saveState(tx, campaignId, state, { startAt: null });
      case 'confirm':
        return saveState(tx, campaignId, state, { startedAt: at, confirmedBy: actorId });
      case 'approve':
        mayApprove(caller, before);
        if (startAt) return saveState(tx, campaignId, 'scheduled', { approvedBy: actorId });
        return saveState(tx, campaignId, state, { startedAt: at, approvedBy: actorId });
      case 'pause':
      case 'resume':
      case 'cancel':
        return saveState(tx, campaignId, state);
    }
  }

  /** Begins, or is going to; held where a second person is to look at the texts first. */
  private async begin(
    tx: Tx,
    { actorId }: Caller,
    { campaignId, approvedBy, state: stood }: Campaign,
    { command, state, at, startAt }: Change,
  ): Promise<void> {
    const due = command === 'schedule' ? { startAt: startAt! } : {};
    // What was approved has not changed since.
    const findings = approvedBy === null ? await this.findings(tx, campaignId) : [];
    if (findings.length > 0) {
      await saveState(tx, campaignId, 'in_review', { heldFor: actorId, ...due });
      const heldFor = campaignsV1.HeldFor.HELD_FOR_REVIEW;
      await this.outbox.add(tx, CampaignHeld, { campaignId, heldFor, startAt: startAt?.toISOString() ?? '' });
      return;
    }
    if (command === 'schedule') return saveState(tx, campaignId, state, due);
    // Before it was due, or a moment after: a person wants it now.
    const confirmed = stood === 'scheduled' ? { confirmedBy: actorId } : {};
    return saveState(tx, campaignId, state, { startedAt: at, ...confirmed });
  }

  private async findings(tx: Tx, campaignId: string): Promise<FoundInStep[]> {
    const findings = await reviewed(tx, (await stepsOf(tx, [campaignId])).get(campaignId) ?? []);
    if (findings.some(({ finding }) => isUnlawful(finding))) throw refusal('CAMPAIGN_UNLAWFUL');
    return findings;
  }
}

/** What commands bring. */
export interface Given {
  /** Of the command to schedule. */
  startAt?: Date;
  /** Of the command to approve: the version that was looked at. */
  etag?: string;
}

interface Change {
  command: Command;
  state: CampaignState;
  at: Date;
  startAt: Date | undefined;
}

/** Whether it was scheduled for just then before: the answer was lost, and the call made again. */
function isThere({ startAt, state }: Campaign, wanted: Date | undefined): boolean {
  return (
    wanted !== undefined && startAt?.getTime() === wanted.getTime() && state !== 'draft' && !hasEnded(state)
  );
}

function mayApprove({ actorId }: Caller, { heldFor }: Campaign): void {
  if (actorId === heldFor) throw refusal('APPROVAL_BY_ANOTHER');
}
