import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '@heed/kernel';
import { lockSubjects, type Tx } from '@heed/postgres';
import { metrics } from '@heed/telemetry';
import { endReasonsOf } from '../campaigns/campaign.store.js';
import { withFollowingSteps } from '../campaigns/step.store.js';
import { lockWork } from '../dispatch/work.store.js';
import { CampaignChanges } from './campaign-changes.js';
import { FollowEnds } from './follow-ends.js';
import {
  campaignsOfContacts,
  campaignsOfOptOuts,
  conclude,
  noteBounces,
  skipErased,
  skipOptedOut,
  type Bounced,
  type Conclude,
  type OptOut,
} from './intent.store.js';
import { lockLedgers, move, settle } from './ledger.store.js';
import { changeOf, movementsOf, type Change, type Conclusion, type Movement } from './ledger.js';
import { contactsOfIntents, defer, type Defer, type Deferred } from './wait.store.js';

const concluded = metrics.counter('heed_intents_concluded_total', {
  description: 'Intents concluded, by outcome.',
});

/** How intents end, and whom that may concern who has a further step to come. */
interface Work {
  campaignIds: readonly string[];
  /** Asked for only where a step follows another. */
  people: () => Promise<string[]>;
  /** Intents may come to wait, which wakes their campaign later. */
  defers?: boolean;
  end: (at: Date) => Promise<{ ended: Conclusion[]; deferred?: Deferred[]; bounced?: Bounced[] }>;
}

/**
 * Ways in which open intents end without a campaign's own doing. All go alike: find the campaigns concerned, lock them in
 * order of id, conclude what is not concluded yet, plan what follows, and move the counters by exactly the rows that
 * changed. So what is told twice, or too late, moves nothing.
 */
@Injectable()
export class ConcludeIntents {
  constructor(
    private readonly changes: CampaignChanges,
    private readonly followEnds: FollowEnds,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** A sender has said how attempts ended, or that they could not begin yet. Answers how many ended by that. */
  async asSendersSay(
    tx: Tx,
    intents: readonly Conclude[],
    deferrals: readonly Defer[] = [],
  ): Promise<number> {
    const words = decisive(intents);
    const ends = new Set(words.map(({ intentId }) => intentId));
    // One that has ended by now was handed out again after it had been deferred.
    const waiting = deferrals.filter(({ intentId }) => !ends.has(intentId));
    const told = [...intents, ...deferrals];
    return this.concluding(tx, {
      campaignIds: [...new Set(told.map(({ campaignId }) => campaignId))],
      people: () =>
        contactsOfIntents(
          tx,
          told.map(({ intentId }) => intentId),
        ),
      defers: waiting.length > 0,
      end: async (at) => {
        const { cut, deferred } = await this.deferring(tx, waiting, at);
        return { ended: [...(await conclude(tx, words, at)), ...cut], deferred };
      },
    });
  }

  /**
   * Deliveries have been reported. They conclude what nobody could tell of, and nothing else; what came back for good may
   * begin a step.
   */
  async asDeliveriesSay(
    tx: Tx,
    words: readonly Conclude[],
    bounces: readonly Pick<Conclude, 'intentId' | 'campaignId'>[],
  ): Promise<void> {
    const told = [...words, ...bounces];
    await this.concluding(tx, {
      campaignIds: [...new Set(told.map(({ campaignId }) => campaignId))],
      people: () =>
        contactsOfIntents(
          tx,
          told.map(({ intentId }) => intentId),
        ),
      end: async (at) => ({
        ended: words.length > 0 ? await conclude(tx, decisive(words), at) : [],
        bounced: bounces.length > 0 ? await noteBounces(tx, bounces, at) : [],
      }),
    });
  }

  /** People have opted out. What is with a sender stays: its permit is refused, and the sender says so. */
  async afterOptOuts(tx: Tx, optOuts: readonly OptOut[]): Promise<void> {
    const campaignIds = await campaignsOfOptOuts(tx, optOuts);
    await this.concluding(tx, {
      campaignIds,
      people: async () => optOuts.map(({ contactId }) => contactId),
      end: async (at) => ({ ended: await skipOptedOut(tx, campaignIds, optOuts, at) }),
    });
  }

  /**
   * People are being erased: what is open about them is counted as skipped before their ids are cut off. Whoever calls
   * has locked them as subjects, so that nothing more is planned for them meanwhile.
   */
  async beforeErasure(tx: Tx, contactIds: readonly string[]): Promise<void> {
    await this.concluding(tx, {
      campaignIds: await campaignsOfContacts(tx, contactIds),
      people: async () => [],
      end: async (at) => ({ ended: await skipErased(tx, contactIds, at) }),
    });
  }

  private async concluding(tx: Tx, { campaignIds, people, defers, end }: Work): Promise<number> {
    if (campaignIds.length === 0) return 0;
    const following = await withFollowingSteps(tx, campaignIds);
    const living = following.length > 0 ? await lockSubjects(tx, await people()) : new Set<string>();
    if (defers || following.length > 0) await lockWork(tx, campaignIds);
    await lockLedgers(tx, campaignIds);
    const at = this.clock.now();
    const { ended, deferred = [], bounced = [] } = await end(at);
    const planned = await this.followEnds.after(tx, { ended, bounced, following, living, deferred, at });
    const movements = movementsOf([...ended.map(changeOf), ...deferred.map(waitOf), ...planned]);
    if (movements.length === 0) return 0;
    await move(tx, movements, at);
    await settle(tx, campaignIds, at);
    tx.afterCommit(() => {
      count(movements);
      this.changes.ring(campaignIds);
    });
    return ended.length;
  }

  /** A campaign that is ending waits for nobody: what comes back to it unbegun is skipped. */
  private async deferring(
    tx: Tx,
    waiting: readonly Defer[],
    at: Date,
  ): Promise<{ cut: Conclusion[]; deferred: Deferred[] }> {
    if (waiting.length === 0) return { cut: [], deferred: [] };
    const endsWhy = await endReasonsOf(
      tx,
      waiting.map(({ campaignId }) => campaignId),
    );
    const cut = waiting.flatMap(({ intentId, campaignId }) => {
      const reason = endsWhy.get(campaignId);
      return reason === undefined ? [] : [{ intentId, campaignId, outcome: 'skipped' as const, reason }];
    });
    const rest = waiting.filter(({ campaignId }) => !endsWhy.has(campaignId));
    return { cut: await conclude(tx, cut, at), deferred: await defer(tx, rest, at) };
  }
}

/**
 * One word an intent: a later one before the first, and else the one that was said first. What is said of a concluded
 * intent moves nothing, so in batches of their own they would come to the same.
 */
function decisive(intents: readonly Conclude[]): Conclude[] {
  const words = new Map<string, Conclude>();
  for (const intent of intents) {
    const said = words.get(intent.intentId);
    if (!said || (intent.isLater && !said.isLater && said.outcome === 'unknown')) {
      words.set(intent.intentId, intent);
    }
  }
  return [...words.values()];
}

function waitOf({ campaignId, step, was }: Deferred): Change {
  return { campaignId, step, from: was, to: 'deferred', n: 1 };
}

function count(movements: readonly Movement[]): void {
  for (const outcome of ['sent', 'skipped', 'failed', 'unknown'] as const) {
    const n = movements.reduce((sum, movement) => sum + Math.max(0, movement[outcome]), 0);
    concluded.add(n, { outcome });
  }
}
