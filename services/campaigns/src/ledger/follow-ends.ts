import { Injectable } from '@nestjs/common';
import { type Tx } from '@heed/postgres';
import { goingOn } from '../campaigns/campaign.store.js';
import { stepsAfter } from '../campaigns/step.js';
import { stepsOf } from '../campaigns/step.store.js';
import { bringForward } from '../dispatch/work.store.js';
import { type Change, type Conclusion } from './ledger.js';
import { planFollowUps, type Deferred, type FollowUp } from './wait.store.js';

export interface Ends {
  ended: readonly Conclusion[];
  /** Campaigns that have a step which follows another. */
  following: readonly string[];
  /** Who of the people concerned is not erased. They are locked. */
  living: ReadonlySet<string>;
  /** What waits since then, and wakes its campaign. */
  deferred: readonly Deferred[];
  at: Date;
}

/** Plans the steps that follow ends, in the transaction that brings them: an end that is counted has its sequel. */
@Injectable()
export class FollowEnds {
  /** Behind the locks of subjects, work and ledgers. */
  async after(tx: Tx, { ended, following, living, deferred, at }: Ends): Promise<Change[]> {
    const followUps = await this.followUpsOf(tx, { ended, following, living, at });
    const planned = await planFollowUps(tx, followUps, at);
    await bringForward(tx, [...deferred, ...followUps]);
    return planned.map(({ campaignId, step }) => ({ campaignId, step, from: null, to: 'deferred', n: 1 }));
  }

  private async followUpsOf(
    tx: Tx,
    { ended, following, living, at }: Omit<Ends, 'deferred'>,
  ): Promise<FollowUp[]> {
    if (following.length === 0 || ended.length === 0) return [];
    const alive = await goingOn(tx, following);
    const steps = await stepsOf(tx, following);
    return ended.flatMap((end) => {
      const { campaignId, contactId } = end;
      if (!alive.has(campaignId) || contactId === null || !living.has(contactId)) return [];
      return stepsAfter(steps.get(campaignId) ?? [], end).map(({ step, channel, delaySeconds }) => ({
        ...{ campaignId, step, channel, contactId },
        dueAt: new Date(at.getTime() + delaySeconds * 1000),
      }));
    });
  }
}
