import { Inject, Injectable } from '@nestjs/common';
import { CampaignHeld, campaignsV1, contactsV1 } from '@heed/contracts';
import { Outbox } from '@heed/events';
import { chunked, CLOCK, isDomainError, type Clock } from '@heed/kernel';
import { admitSubjects, UnitOfWork, type Tx } from '@heed/postgres';
import { RpcClients, type Client } from '@heed/rpc';
import { withRemoteParent, withSpan } from '@heed/telemetry';
import { type Campaign } from '../campaigns/campaign.js';
import { campaignById, saveCampaign, saveState } from '../campaigns/campaign.store.js';
import { ListCountries } from '../campaigns/list-countries.js';
import { reviewed } from '../campaigns/review-campaign.js';
import { stepsOf } from '../campaigns/step.store.js';
import { LEASE_MS, type PlanningLease } from '../dispatch/dispatch-due.js';
import { endLease, holdLease } from '../dispatch/work.store.js';
import { CampaignChanges } from '../ledger/campaign-changes.js';
import { FIRST_STEP, lastPlannedContact, planIntents } from '../ledger/intent.store.js';
import { lockLedgers, move, settle } from '../ledger/ledger.store.js';
import { movementsOf } from '../ledger/ledger.js';
import { resetPaces, stepLedgersOf } from '../ledger/step-ledger.store.js';

/** A chunk makes as many subjects and as many intents: under 1,000 rows a transaction. */
const CHUNK = 500;
/** How long one reading of the list may take; it goes on from there in the next. */
const READ_FOR_MS = 60_000;
const RETRY_AFTER_MS = 2_000;

/**
 * Makes an audience of a list: reads it once, in order of contact id, and stores an intent for each contact that is not
 * erased. Each chunk is a transaction that holds the lease, so that a planner that was taken for dead stores nothing
 * more, and the next goes on after the last contact stored.
 */
@Injectable()
export class PlanAudience {
  private readonly lists: Client<contactsV1.ListsServiceService>;

  constructor(
    private readonly uow: UnitOfWork,
    clients: RpcClients,
    private readonly changes: CampaignChanges,
    private readonly countries: ListCountries,
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.lists = clients.of(contactsV1.ListsServiceService, 'contacts');
  }

  /** Returns when the audience is planned, or this lease is over. Throws what made the reading stop; it is retried. */
  plan(lease: PlanningLease, signal: AbortSignal): Promise<void> {
    const { campaignId, tenantId, traceparent } = lease;
    return withRemoteParent(traceparent, () =>
      withSpan('campaign.plan', { campaignId, tenantId }, () => this.readOrGiveBack(lease, signal)),
    );
  }

  private async readOrGiveBack(lease: PlanningLease, signal: AbortSignal): Promise<void> {
    try {
      if (await this.read(lease, signal)) await this.finish(lease, 'running');
      else await this.giveBack(lease, 0);
    } catch (error) {
      if (isDomainError(error, 'LIST_NOT_FOUND')) return this.finish(lease, 'failing');
      await this.giveBack(lease, signal.aborted ? 0 : RETRY_AFTER_MS);
      if (!signal.aborted) throw error;
    }
  }

  /** True once the whole audience is stored. */
  private async read(lease: PlanningLease, signal: AbortSignal): Promise<boolean> {
    const { campaign, after, left } = await this.uow.run(lease.tenantId, (tx) => positionOf(tx, lease));
    if (left === 0n) return true;
    // People of another country may have joined since it was started or scheduled; afterwards nobody is in its audience.
    if (after === undefined && (await this.isHeldForLabels(lease))) return false;
    const request = { listId: campaign.listId, afterContactId: after ?? '', limit: left ?? 0n };
    const options = { tenantId: lease.tenantId, timeoutMs: READ_FOR_MS, signal };
    for await (const { contactIds } of this.lists.streamMembers(request, options)) {
      for (const chunk of chunked(contactIds, CHUNK)) {
        if (signal.aborted || !(await this.store(lease, campaign, chunk))) return false;
      }
    }
    return true;
  }

  /** Back into review, before the first is planned, where people are owed a label that nobody has looked for. */
  private async isHeldForLabels(lease: PlanningLease): Promise<boolean> {
    const { tenantId, campaignId } = lease;
    const due = await this.countries.labelsDue(tenantId, campaignId);
    return this.uow.run(tenantId, async (tx) => {
      const at = this.clock.now();
      if (!(await isStillPlanned(tx, lease, at))) return true;
      const { labelsDue } = await campaignById(tx, campaignId);
      if (due.every((label) => labelsDue.includes(label))) return false;
      const steps = (await stepsOf(tx, [campaignId])).get(campaignId) ?? [];
      const findings = await reviewed(tx, steps, due);
      const known = { labelsDue: due, labelWaiver: null };
      if (!findings.some(({ finding }) => finding === 'label_missing')) {
        await saveCampaign(tx, campaignId, { labelsDue: due });
        return false;
      }
      // Whoever wanted it begun still may not approve it.
      const anew = { ...known, approvedBy: null, startAt: null, startedAt: null };
      await saveState(tx, campaignId, 'in_review', anew);
      const heldFor = campaignsV1.HeldFor.HELD_FOR_REVIEW;
      await this.outbox.add(tx, CampaignHeld, { campaignId, heldFor, startAt: '' });
      tx.afterCommit(() => this.changes.ring([campaignId]));
      return true;
    });
  }

  private store(lease: PlanningLease, campaign: Campaign, contactIds: string[]): Promise<boolean> {
    const { tenantId, campaignId } = lease;
    return this.uow.run(tenantId, async (tx) => {
      const living = await admitSubjects(tx, contactIds);
      const at = this.clock.now();
      if (!(await isStillPlanned(tx, lease, at))) return false;
      // Who was erased is of no audience: neither planned nor counted.
      const planned = await planIntents(
        tx,
        campaign,
        contactIds.filter((id) => living.has(id)),
        at,
      );
      const step = FIRST_STEP;
      await move(tx, movementsOf([{ campaignId, step, from: null, to: 'planned', n: planned }]), at);
      tx.afterCommit(() => this.changes.ring([campaignId]));
      return true;
    });
  }

  private finish(lease: PlanningLease, state: 'running' | 'failing'): Promise<void> {
    const { tenantId, campaignId } = lease;
    return this.uow.run(tenantId, async (tx) => {
      const at = this.clock.now();
      if (!(await isStillPlanned(tx, lease, at))) return;
      await saveState(tx, campaignId, state);
      await resetPaces(tx, campaignId, at);
      // An empty list has nothing to hand out.
      await settle(tx, [campaignId], at);
      await endLease(tx, campaignId, lease.fence, at);
      tx.afterCommit(() => this.changes.ring([campaignId]));
    });
  }

  /** For a lease that was not, or no longer, wanted: the campaign is due again after `afterMs`. */
  async giveBack({ tenantId, campaignId, fence }: PlanningLease, afterMs: number): Promise<void> {
    const dueAt = new Date(this.clock.now().getTime() + afterMs);
    await this.uow.run(tenantId, (tx) => endLease(tx, campaignId, fence, dueAt));
  }
}

/** Where an interrupted planner left off; `left` is undefined where there is no limit. */
async function positionOf(
  tx: Tx,
  { campaignId }: PlanningLease,
): Promise<{ campaign: Campaign; after: string | undefined; left: bigint | undefined }> {
  const campaign = await campaignById(tx, campaignId);
  const ledgers = await stepLedgersOf(tx, [campaignId]);
  const planned = ledgers.get(campaignId)?.get(FIRST_STEP)?.audience ?? 0n;
  const left = campaign.audienceLimit === 0n ? undefined : campaign.audienceLimit - planned;
  return { campaign, after: await lastPlannedContact(tx, campaignId), left };
}

/** Locks work and ledger, in this order; false where another holds the lease, or the campaign was cancelled. */
async function isStillPlanned(tx: Tx, { campaignId, fence }: PlanningLease, at: Date): Promise<boolean> {
  if (!(await holdLease(tx, campaignId, fence, new Date(at.getTime() + LEASE_MS)))) return false;
  await lockLedgers(tx, [campaignId]);
  return (await campaignById(tx, campaignId)).state === 'planning';
}
