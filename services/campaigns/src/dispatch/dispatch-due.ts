import { Inject, Injectable } from '@nestjs/common';
import { DispatchRequested } from '@heed/contracts';
import { Outbox } from '@heed/events';
import { CLOCK, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { metrics, withSpan } from '@heed/telemetry';
import { type Campaign } from '../campaigns/campaign.js';
import { campaignById } from '../campaigns/campaign.store.js';
import { channelCode } from '../campaigns/channel.js';
import { CampaignChanges } from '../ledger/campaign-changes.js';
import { dispatchNext, skipNext } from '../ledger/intent.store.js';
import { countDispatched, inFlightOf, lockLedgers, move, settle } from '../ledger/ledger.store.js';
import { movementsOf } from '../ledger/ledger.js';
import { pace } from './pace.js';
import { claimDue, lease, nextDueAt, removeWork, savePace, type Work } from './work.store.js';

/** A campaign that somebody has to plan: held until the lease ends or is prolonged. */
export interface PlanningLease {
  tenantId: string;
  campaignId: string;
  fence: bigint;
  traceparent: string | undefined;
}

export type Step =
  | { did: 'something' }
  | { did: 'lease'; lease: PlanningLease }
  | { did: 'nothing'; nextDueAt: Date | undefined };

/** Prolonged by each chunk that is stored; a planner that was killed is replaced after it. */
export const LEASE_MS = 5_000;
const dispatched = metrics.counter('heed_intents_dispatched_total', {
  description: 'Intents handed to senders, by channel.',
});
const late = metrics.histogram('heed_dispatch_late_ms', {
  description:
    'How long campaigns waited for their step beyond the time it was due: rising, the pacer is full.',
  unit: 'ms',
});

const SKIP_BATCH = 1_000;
const NEVER = 'infinity';

/**
 * One step for the campaign that has waited longest, in one transaction that holds its row: kill -9 at any instruction
 * leaves the step done, with its events in the outbox, or not begun.
 */
@Injectable()
export class DispatchDue {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly outbox: Outbox,
    private readonly changes: CampaignChanges,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  step(): Promise<Step> {
    return this.uow.runAcross('service', async (across): Promise<Step> => {
      const at = this.clock.now();
      const work = await claimDue(across, at);
      if (!work) return { did: 'nothing', nextDueAt: await nextDueAt(across) };
      late.record(at.getTime() - work.dueAt.getTime());
      const tx = await across.enterTenant(work.tenantId);
      await lockLedgers(tx, [work.campaignId]);
      // Read behind the lock: a pause that has been answered is seen.
      const campaign = await campaignById(tx, work.campaignId);
      switch (campaign.state) {
        case 'planning':
          return { did: 'lease', lease: await this.leaseFor(tx, work, at) };
        case 'running':
          await this.inTrace(work, () => this.dispatch(tx, campaign, work, at));
          break;
        case 'cancelling':
          await this.skip(tx, work, 'cancelled', at);
          break;
        case 'failing':
          await this.skip(tx, work, 'planning_failed', at);
          break;
        case 'draft':
        case 'paused':
          await savePace(tx, work, { dueAt: NEVER });
          break;
        case 'completed':
        case 'cancelled':
        case 'failed':
          await removeWork(tx, work.campaignId);
      }
      return { did: 'something' };
    });
  }

  private async leaseFor(tx: Tx, work: Work, at: Date): Promise<PlanningLease> {
    const { tenantId, campaignId, traceparent } = work;
    const fence = await lease(tx, work, new Date(at.getTime() + LEASE_MS));
    return { tenantId, campaignId, fence, traceparent };
  }

  /**
   * A trace for each step, linked to the one that started the campaign: the messages of a step are a tree that somebody
   * can read; a million of them under one start are not.
   */
  private inTrace(work: Work, dispatching: () => Promise<void>): Promise<void> {
    const { campaignId, tenantId, traceparent } = work;
    return withSpan('campaign.dispatch', { campaignId, tenantId }, dispatching, {
      root: true,
      links: [traceparent],
    });
  }

  private async dispatch(tx: Tx, campaign: Campaign, work: Work, at: Date): Promise<void> {
    const { campaignId, channel, purpose, templateId, ratePerSecond } = campaign;
    const next = pace(work, { ratePerSecond, inFlight: await inFlightOf(tx, campaignId), at });
    const { take, dueAt, ...bucket } = next;
    if (take === 0) return savePace(tx, { ...work, ...bucket }, { dueAt });
    const intents = await dispatchNext(tx, campaignId, { after: work.dispatchedTo, take, at });
    await this.outbox.addAll(
      tx,
      DispatchRequested,
      intents.map(({ intentId, contactId, try: attempt }) => ({
        data: {
          ...{ intentId, campaignId, contactId, purpose, templateId, try: attempt },
          channel: channelCode(channel),
        },
      })),
    );
    if (intents.length > 0) await countDispatched(tx, campaignId, intents.length, at);
    const dispatchedTo = intents.at(-1)?.ordinal ?? work.dispatchedTo;
    // Fewer than were asked for: the last has been handed out, and what concludes them ends the campaign.
    await savePace(
      tx,
      { ...work, ...bucket, dispatchedTo },
      { dueAt: intents.length < take ? NEVER : dueAt },
    );
    tx.afterCommit(() => {
      dispatched.add(intents.length, { channel });
      this.changes.ring([campaignId]);
    });
  }

  private async skip(tx: Tx, work: Work, reason: string, at: Date): Promise<void> {
    const { campaignId, dispatchedTo: after } = work;
    const { skipped, to } = await skipNext(tx, campaignId, { after, take: SKIP_BATCH, reason, at });
    await move(tx, movementsOf(skipped), at);
    await settle(tx, [campaignId], at);
    const dueAt = skipped.length < SKIP_BATCH ? NEVER : at;
    await savePace(tx, { ...work, dispatchedTo: to, pacedAt: at }, { dueAt });
    tx.afterCommit(() => this.changes.ring([campaignId]));
  }
}
