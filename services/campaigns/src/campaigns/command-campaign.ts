import { Inject, Injectable } from '@nestjs/common';
import { CampaignHeld, campaignsV1 } from '@heed/contracts';
import { TellActs } from '@heed/data-rights';
import { Outbox } from '@heed/events';
import { CLOCK, invalidArgument, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { Pacer } from '../dispatch/pacer.js';
import { wakeWork } from '../dispatch/work.store.js';
import { CampaignChanges } from '../ledger/campaign-changes.js';
import { lockLedgers, settle } from '../ledger/ledger.store.js';
import { resetPaces } from '../ledger/step-ledger.store.js';
import { refusal } from '../errors.js';
import {
  follows,
  hasEnded,
  type Campaign,
  type CampaignState,
  type Command,
  type LabelWaiver,
} from './campaign.js';
import { ListCountries } from './list-countries.js';
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
    private readonly countries: ListCountries,
    private readonly audit: TellActs,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(
    caller: Caller,
    campaignId: string,
    command: Command,
    { startAt, etag = '', labelWaiver }: Given = {},
  ): Promise<campaignsV1.Campaign> {
    const begins = command === 'start' || command === 'schedule';
    const due = begins ? await this.countries.labelsDue(caller.tenantId, campaignId) : [];
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
        await this.audit.tell(tx, caller, campaignId);
        await this.change(tx, caller, before, { command, state, at, startAt, due, labelWaiver });
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
    const { campaignId } = before;
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
        return this.approve(tx, caller, before, next);
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
    { campaignId, approvedBy, state: stood, labelsDue }: Campaign,
    { command, state, at, startAt, due: labels }: Change,
  ): Promise<void> {
    const due = { labelsDue: labels, ...(command === 'schedule' && { startAt: startAt! }) };
    // What was approved has not changed since; but people of another country may have joined the list.
    const isApproved = approvedBy !== null && labels.every((label) => labelsDue.includes(label));
    const findings = isApproved ? [] : await this.findings(tx, campaignId, labels);
    if (findings.length > 0) {
      const anew = { approvedBy: null, labelWaiver: null };
      await saveState(tx, campaignId, 'in_review', { heldFor: actorId, ...anew, ...due });
      const heldFor = campaignsV1.HeldFor.HELD_FOR_REVIEW;
      await this.outbox.add(tx, CampaignHeld, { campaignId, heldFor, startAt: startAt?.toISOString() ?? '' });
      return;
    }
    // It may yet be held by whoever plans it: who approved it may approve it again, who wants it begun may not.
    const wanted = { ...due, ...(approvedBy !== actorId && { heldFor: actorId }) };
    if (command === 'schedule') return saveState(tx, campaignId, state, wanted);
    // Before it was due, or a moment after: a person wants it now.
    const confirmed = stood === 'scheduled' ? { confirmedBy: actorId } : {};
    return saveState(tx, campaignId, state, { startedAt: at, ...wanted, ...confirmed });
  }

  /** A label that a law wants is put into the text, or somebody says why it is not due. */
  private async approve(
    tx: Tx,
    caller: Caller,
    before: Campaign,
    { state, at, labelWaiver: reason }: Change,
  ): Promise<void> {
    mayApprove(caller, before);
    const { campaignId, startAt, labelsDue } = before;
    const findings = await this.findings(tx, campaignId, labelsDue);
    const isUnlabelled = findings.some(({ finding }) => finding === 'label_missing');
    if (isUnlabelled && reason === undefined) throw refusal('CAMPAIGN_LABEL_MISSING');
    const approved = { approvedBy: caller.actorId, labelWaiver: isUnlabelled ? reason! : null };
    if (startAt) return saveState(tx, campaignId, 'scheduled', approved);
    return saveState(tx, campaignId, state, { startedAt: at, ...approved });
  }

  private async findings(tx: Tx, campaignId: string, due: readonly string[]): Promise<FoundInStep[]> {
    const findings = await reviewed(tx, (await stepsOf(tx, [campaignId])).get(campaignId) ?? [], due);
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
  /** Of the same: why a label of advertising that is missing is not due. */
  labelWaiver?: LabelWaiver | undefined;
}

interface Change {
  command: Command;
  state: CampaignState;
  at: Date;
  startAt: Date | undefined;
  /** Labels that people of the list are owed. */
  due: string[];
  labelWaiver: LabelWaiver | undefined;
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
