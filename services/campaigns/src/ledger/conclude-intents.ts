import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '@heed/kernel';
import { type Tx } from '@heed/postgres';
import { metrics } from '@heed/telemetry';
import { CampaignChanges } from './campaign-changes.js';
import {
  campaignsOfContacts,
  campaignsOfOptOuts,
  conclude,
  skipErased,
  skipOptedOut,
  type Conclude,
  type OptOut,
} from './intent.store.js';
import { lockLedgers, move, settle } from './ledger.store.js';
import { movementsOf, type Conclusion } from './ledger.js';

const concluded = metrics.counter('heed_intents_concluded_total', {
  description: 'Intents concluded, by outcome.',
});

/**
 * Three ways in which open intents end without a campaign's own doing. All go alike: find the campaigns concerned, lock
 * them in order of id, conclude what is not concluded yet, and move the counters by exactly the rows that changed. So
 * what is told twice, or too late, moves nothing.
 */
@Injectable()
export class ConcludeIntents {
  constructor(
    private readonly changes: CampaignChanges,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** A sender has said how attempts ended. */
  async asSendersSay(tx: Tx, intents: readonly Conclude[]): Promise<void> {
    // The first word counts: a second about the same intent would meet a concluded one in the next batch, too.
    const first = new Map(intents.toReversed().map((intent) => [intent.intentId, intent]));
    const campaignIds = [...new Set(intents.map(({ campaignId }) => campaignId))];
    await this.concluding(tx, campaignIds, (at) => conclude(tx, [...first.values()], at));
  }

  /** People have opted out. What is with a sender stays: its permit is refused, and the sender says so. */
  async afterOptOuts(tx: Tx, optOuts: readonly OptOut[]): Promise<void> {
    const campaignIds = await campaignsOfOptOuts(tx, optOuts);
    await this.concluding(tx, campaignIds, (at) => skipOptedOut(tx, campaignIds, optOuts, at));
  }

  /**
   * People are being erased: what is open about them is counted as skipped before their ids are cut off. Whoever calls
   * has locked them as subjects, so that nothing more is planned for them meanwhile.
   */
  async beforeErasure(tx: Tx, contactIds: readonly string[]): Promise<void> {
    const campaignIds = await campaignsOfContacts(tx, contactIds);
    await this.concluding(tx, campaignIds, (at) => skipErased(tx, contactIds, at));
  }

  private async concluding(
    tx: Tx,
    campaignIds: readonly string[],
    work: (at: Date) => Promise<Conclusion[]>,
  ): Promise<void> {
    if (campaignIds.length === 0) return;
    await lockLedgers(tx, campaignIds);
    const at = this.clock.now();
    const movements = movementsOf(await work(at));
    if (movements.length === 0) return;
    await move(tx, movements, at);
    await settle(tx, campaignIds, at);
    tx.afterCommit(() => {
      for (const outcome of ['sent', 'skipped', 'failed', 'unknown'] as const) {
        concluded.add(
          movements.reduce((sum, movement) => sum + movement[outcome], 0),
          { outcome },
        );
      }
      this.changes.ring(campaignIds);
    });
  }
}
