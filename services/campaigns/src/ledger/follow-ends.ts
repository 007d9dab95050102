import { Injectable } from '@nestjs/common';
import { type Tx } from '@heed/postgres';
import { goingOn } from '../campaigns/campaign.store.js';
import { mayBounceForMs, stepsAfter, stepsAfterBounce, type Step } from '../campaigns/step.js';
import { stepsOf } from '../campaigns/step.store.js';
import { bringForward } from '../dispatch/work.store.js';
import { type Bounced } from './intent.store.js';
import { runAtLeastUntil } from './ledger.store.js';
import { type Change, type Conclusion } from './ledger.js';
import { planFollowUps, type Deferred, type FollowUp } from './wait.store.js';

export interface Ends {
  ended: readonly Conclusion[];
  /** What came back, and was not known to have before. */
  bounced: readonly Bounced[];
  /** Campaigns that have a step which follows another. */
  following: readonly string[];
  /** Who of the people concerned is not erased. They are locked. */
  living: ReadonlySet<string>;
  /** What waits since then, and wakes its campaign. */
  deferred: readonly Deferred[];
  at: Date;
}

/** Something of a campaign that is due at a time. */
type Due = Pick<FollowUp, 'campaignId' | 'dueAt'>;

/** Plans the steps that follow ends, in the transaction that brings them: an end that is counted has its sequel. */
@Injectable()
export class FollowEnds {
  /** Behind the locks of subjects, work and ledgers. */
  async after(tx: Tx, ends: Ends): Promise<Change[]> {
    const { deferred, at } = ends;
    const { followUps, waits } = await this.consequencesOf(tx, ends);
    const planned = await planFollowUps(tx, followUps, at);
    await runAtLeastUntil(tx, waits);
    await bringForward(tx, [...deferred, ...followUps, ...waits]);
    return planned.map(({ campaignId, step }) => ({ campaignId, step, from: null, to: 'deferred', n: 1 }));
  }

  /** Who is to be reached next, and until when campaigns wait for what may come back. */
  private async consequencesOf(tx: Tx, ends: Ends): Promise<{ followUps: FollowUp[]; waits: Due[] }> {
    const { ended, bounced, following, living, at } = ends;
    if (following.length === 0 || ended.length + bounced.length === 0) return { followUps: [], waits: [] };
    const alive = await goingOn(tx, following);
    const steps = await stepsOf(tx, following);
    const ofCampaign = (campaignId: string): Step[] =>
      alive.has(campaignId) ? (steps.get(campaignId) ?? []) : [];
    const next = ({ campaignId, contactId }: Conclusion | Bounced, after: readonly Step[]): FollowUp[] => {
      if (contactId === null || !living.has(contactId)) return [];
      return after.map(({ step, channel, delaySeconds }) => ({
        ...{ campaignId, step, channel, contactId },
        dueAt: new Date(at.getTime() + delaySeconds * 1000),
      }));
    };
    return {
      followUps: [
        ...ended.flatMap((end) => next(end, stepsAfter(ofCampaign(end.campaignId), end))),
        ...bounced.flatMap((one) => next(one, afterBounce(ofCampaign(one.campaignId), one, at))),
      ],
      waits: longest(ended, (end) => mayBounceForMs(ofCampaign(end.campaignId), end), at),
    };
  }
}

/** What its sender has not spoken of yet is followed when that has. */
function afterBounce(steps: readonly Step[], { step, outcome, updatedAt }: Bounced, at: Date): Step[] {
  if (outcome === null || outcome === 'skipped') return [];
  return stepsAfterBounce(steps, step, at.getTime() - updatedAt.getTime());
}

/** One a campaign. */
function longest(ended: readonly Conclusion[], waitMs: (end: Conclusion) => number, at: Date): Due[] {
  const waits = new Map<string, number>();
  for (const end of ended) waits.set(end.campaignId, Math.max(waits.get(end.campaignId) ?? 0, waitMs(end)));
  return [...waits].flatMap(([campaignId, ms]) =>
    ms > 0 ? [{ campaignId, dueAt: new Date(at.getTime() + ms) }] : [],
  );
}
