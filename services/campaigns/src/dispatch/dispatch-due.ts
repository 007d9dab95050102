import { Inject, Injectable } from '@nestjs/common';
import { CampaignHeld, campaignsV1, DispatchRequested } from '@heed/contracts';
import { Outbox } from '@heed/events';
import { CLOCK, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { metrics, withSpan } from '@heed/telemetry';
import { whenDue, type Campaign } from '../campaigns/campaign.js';
import { campaignById, saveState } from '../campaigns/campaign.store.js';
import { channelCode } from '../campaigns/channel.js';
import { CampaignChanges } from '../ledger/campaign-changes.js';
import { deliveriesUntil, lockLedgers, move, settle } from '../ledger/ledger.store.js';
import { changeOf, movementsOf, type Change } from '../ledger/ledger.js';
import { pacesOf, savePace, type StepPace } from '../ledger/step-ledger.store.js';
import { firstDueAt, handOutDue, handOutPlanned, skipDeferred, skipPlanned } from './hand-out.store.js';
import { FEWEST_IN_FLIGHT, LARGEST_BATCH, pace } from './pace.js';
import { claimDue, holdWork, lease, outlook, removeWork, saveWork, type Work } from './work.store.js';

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
  | { did: 'nothing'; nextDueAt: Date | undefined; held: number };

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
      if (!work) return { did: 'nothing', ...(await outlook(across)) };
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
        case 'scheduled':
          await this.startDue(tx, campaign, work, at);
          break;
        case 'draft':
        case 'in_review':
        case 'needs_confirmation':
          await saveWork(tx, work, { dueAt: NEVER });
          break;
        case 'paused':
          await saveWork(tx, work, { dueAt: (await this.endOrWait(tx, work.campaignId, at)) ?? NEVER });
          break;
        case 'completed':
        case 'cancelled':
        case 'failed':
          await removeWork(tx, work.campaignId);
      }
      return { did: 'something' };
    });
  }

  /** Starts what is due; asks where it is overdue. A restart, or a restored backup, is no reason to begin hours late. */
  private async startDue(tx: Tx, { campaignId, startAt }: Campaign, work: Work, at: Date): Promise<void> {
    const state = whenDue(startAt!, at);
    if (state === 'planning') {
      await saveState(tx, campaignId, state, { startedAt: at });
      return saveWork(tx, work, { dueAt: at });
    }
    if (state === undefined) return saveWork(tx, work, { dueAt: startAt! });
    await saveState(tx, campaignId, state);
    await holdWork(tx, campaignId, at);
    const heldFor = campaignsV1.HeldFor.HELD_FOR_CONFIRMATION;
    await this.outbox.add(tx, CampaignHeld, { campaignId, heldFor, startAt: startAt!.toISOString() });
    tx.afterCommit(() => this.changes.ring([campaignId]));
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
    const { campaignId } = campaign;
    const changes: Change[] = [];
    let { dispatchedTo } = work;
    let dueAt: Date | undefined;
    let most = LARGEST_BATCH;
    for (const step of await pacesOf(tx, campaignId)) {
      const { ratePerSecond, inFlight } = step;
      const fewest = FEWEST_IN_FLIGHT[step.channel];
      const { take, ...next } = pace(step, { ratePerSecond, inFlight, at, most, fewest });
      const handedOut =
        take > 0 ? await this.handOut(tx, campaign, step, { after: dispatchedTo, take, at }) : [];
      await savePace(tx, campaignId, step.step, { ...next, hasHandedOut: handedOut.length > 0 });
      changes.push(
        ...handedOut.map(({ from, n }) => ({
          campaignId,
          step: step.step,
          from,
          to: 'dispatched' as const,
          n,
        })),
      );
      dispatchedTo = handedOut.find(({ from }) => from === 'planned')?.last ?? dispatchedTo;
      most -= handedOut.reduce((sum, { n }) => sum + n, 0);
      dueAt = earlier(dueAt, await nextLook(tx, campaignId, step, handedOut, next.dueAt));
    }
    const movements = movementsOf(changes);
    await move(tx, movements, at);
    // Without anything left to hand out: what concludes the last ends the campaign, or brings more.
    dueAt ??= await this.endOrWait(tx, campaignId, at);
    await saveWork(tx, { ...work, dispatchedTo, servedAt: at }, { dueAt: dueAt ?? NEVER });
    tx.afterCommit(() => this.changes.ring([campaignId]));
  }

  /** Ends a campaign that waited for what might come back, and need not any more; else says until when it waits. */
  private async endOrWait(tx: Tx, campaignId: string, at: Date): Promise<Date | undefined> {
    const until = (await deliveriesUntil(tx, [campaignId])).get(campaignId);
    if (until === undefined || until > at) return until;
    await settle(tx, [campaignId], at);
    return undefined;
  }

  /** What waited for its time and has it by now, then what is planned. */
  private async handOut(
    tx: Tx,
    { campaignId, purpose }: Campaign,
    { step, channel, templateId, planned, deferred }: StepPace,
    { after, take, at }: { after: bigint; take: number; at: Date },
  ): Promise<HandedOutFrom[]> {
    const due = deferred > 0n ? await handOutDue(tx, campaignId, step, { take, at }) : [];
    const left = take - due.length;
    const next =
      planned > 0n && left > 0 ? await handOutPlanned(tx, campaignId, { after, take: left, at }) : [];
    await this.outbox.addAll(
      tx,
      DispatchRequested,
      [...due, ...next].map(({ intentId, contactId, try: attempt, deferrals }) => ({
        data: {
          ...{ intentId, campaignId, contactId, purpose, templateId, step, try: attempt, deferrals },
          channel: channelCode(channel),
        },
      })),
    );
    tx.afterCommit(() => dispatched.add(due.length + next.length, { channel }));
    return [
      { from: 'deferred' as const, n: due.length, last: undefined },
      { from: 'planned' as const, n: next.length, last: next.at(-1)?.ordinal },
    ].filter(({ n }) => n > 0);
  }

  /** Those that wait first: they are not found by their place in the audience. */
  private async skip(tx: Tx, work: Work, reason: string, at: Date): Promise<void> {
    const { campaignId, dispatchedTo: after } = work;
    const waiting = await skipDeferred(tx, campaignId, { take: SKIP_BATCH, reason, at });
    const take = SKIP_BATCH - waiting.length;
    const { skipped, to } = await skipPlanned(tx, campaignId, { after, take, reason, at });
    const all = [...waiting, ...skipped];
    await move(tx, movementsOf(all.map(changeOf)), at);
    await settle(tx, [campaignId], at);
    const dueAt = all.length < SKIP_BATCH ? NEVER : at;
    await saveWork(tx, { ...work, dispatchedTo: to, servedAt: at }, { dueAt });
    tx.afterCommit(() => this.changes.ring([campaignId]));
  }
}

interface HandedOutFrom {
  from: 'planned' | 'deferred';
  n: number;
  /** The last place in the audience that it came to. */
  last: bigint | undefined;
}

/**
 * When a step is to be looked at again: at its pace while something could be handed out, or when the first that waits is
 * due. Undefined where nothing is left of it but what senders have.
 */
async function nextLook(
  tx: Tx,
  campaignId: string,
  { step, planned, deferred }: StepPace,
  handedOut: readonly HandedOutFrom[],
  paced: Date,
): Promise<Date | undefined> {
  const taken = (place: HandedOutFrom['from']): number =>
    handedOut.find(({ from }) => from === place)?.n ?? 0;
  if (planned > BigInt(taken('planned'))) return paced;
  if (deferred === BigInt(taken('deferred'))) return undefined;
  const due = await firstDueAt(tx, campaignId, step);
  return due && due > paced ? due : paced;
}

function earlier(a: Date | undefined, b: Date | undefined): Date | undefined {
  if (!a || !b) return a ?? b;
  return a < b ? a : b;
}
