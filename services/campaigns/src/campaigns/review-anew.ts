import { type Tx } from '@heed/postgres';
import { refusal } from '../errors.js';
import { type Campaign } from './campaign.js';
import { afterNewText } from './edit-step.js';
import { isUnlawful } from './review.js';
import { reviewed } from './review-campaign.js';
import { type Step } from './step.js';

/** What becomes of a campaign that is going to have these steps: what was approved was not these texts. */
export async function reviewAnew(
  tx: Tx,
  actorId: string,
  { state, startAt, labelsDue }: Campaign,
  steps: readonly Step[],
): Promise<Partial<Campaign>> {
  const findings = await reviewed(tx, steps, labelsDue);
  if (findings.some(({ finding }) => isUnlawful(finding))) throw refusal('CAMPAIGN_UNLAWFUL');
  const next = afterNewText(state, findings.length > 0) ?? state;
  return {
    ...{ state: next, approvedBy: null, labelWaiver: null },
    ...(next === 'in_review' && { heldFor: actorId }),
    startAt: next === 'draft' ? null : startAt,
  };
}

export function refuseStale({ revision }: Campaign, etag: string): void {
  if (etag !== '' && etag !== String(revision)) throw refusal('ETAG_MISMATCH');
}
