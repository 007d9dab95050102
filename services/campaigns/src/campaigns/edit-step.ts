import { isDeepStrictEqual } from 'node:util';
import { type campaignsV1 } from '@heed/contracts';
import { invalidArgument, type FieldViolation } from '@heed/kernel';
import { refusal } from '../errors.js';
import { hasEnded, skipsBecause, type Campaign, type CampaignState } from './campaign.js';
import { outcomeOf, type Step } from './step.js';

/** Of a step that people are planned for: what is only looked at when they are handed out. */
const LATE_FIELDS: ReadonlySet<string> = new Set(['template_id', 'rate_per_second']);

const KEYS: Record<string, keyof Step> = {
  template_id: 'templateId',
  rate_per_second: 'ratePerSecond',
  outcomes: 'outcomes',
  reasons: 'reasons',
  delay_seconds: 'delaySeconds',
  bounced_within_seconds: 'bouncedWithinSeconds',
};

/** How the step stands. */
export interface Reached {
  /** Somebody is planned for it, or is going to be at this moment. */
  isPlanned: boolean;
  isHandedOut: boolean;
}

/** The step as it is to be, and which of its fields that changes. Its channel is the template's. */
export function edited(
  before: Step,
  request: campaignsV1.UpdateStepRequest,
  channel: Step['channel'],
): { step: Step; fields: string[] } {
  const asked: Partial<Step> = {
    templateId: request.templateId,
    ratePerSecond: request.ratePerSecond,
    outcomes: [...new Set(request.outcomes.flatMap((code) => outcomeOf(code) ?? []))],
    reasons: [...new Set(request.reasons)],
    delaySeconds: Number(request.delaySeconds),
    bouncedWithinSeconds: Number(request.bouncedWithinSeconds) || null,
  };
  const fields = [...new Set(request.updateMask)].filter(
    (field) => !isDeepStrictEqual(before[KEYS[field]!], asked[KEYS[field]!]),
  );
  const changes = Object.fromEntries(fields.map((field) => [KEYS[field]!, asked[KEYS[field]!]]));
  return { step: { ...before, ...changes, channel }, fields };
}

/** What is wrong with the step that somebody asks for. */
export function refuseUnsound(
  { step, follows, outcomes, reasons, ...rest }: Step,
  request: campaignsV1.UpdateStepRequest,
): void {
  const violations: FieldViolation[] = [];
  const isFree = outcomes.length === 0 && reasons.length === 0 && rest.delaySeconds === 0;
  if (rest.ratePerSecond < 1) violations.push({ field: 'rate_per_second', reason: 'TOO_SMALL' });
  if (request.outcomes.some((code) => outcomeOf(code) === undefined)) {
    violations.push({ field: 'outcomes', reason: 'NOT_AN_END' });
  }
  if (step === 1 && (!isFree || rest.bouncedWithinSeconds !== null)) {
    violations.push({ field: 'outcomes', reason: 'FIRST_FOLLOWS_NOTHING' });
  }
  if (follows !== null && outcomes.length === 0 && rest.bouncedWithinSeconds === null) {
    violations.push({ field: 'outcomes', reason: 'REQUIRED' });
  }
  if (violations.length > 0) throw invalidArgument(...violations);
}

/** A step that has reached somebody stays what it was: what they got must be seen as it was sent. */
export function refuseLate(
  { state }: Campaign,
  { isPlanned, isHandedOut }: Reached,
  change: { fields: readonly string[]; isOtherChannel: boolean },
): void {
  if (hasEnded(state) || skipsBecause(state) !== undefined) throw refusal('CAMPAIGN_ENDED');
  if (isHandedOut) throw refusal('STEP_HANDED_OUT');
  if (!isPlanned) return;
  const isLate = state === 'paused' && change.fields.every((field) => LATE_FIELDS.has(field));
  if (!isLate || change.isOtherChannel) throw refusal('STEP_PLANNED');
}

/**
 * Where a campaign stands once a text of it is another: what was approved was not this one. Undefined: where it stood.
 */
export function afterNewText(state: CampaignState, isHeld: boolean): CampaignState | undefined {
  switch (state) {
    case 'in_review':
      // Nothing to be approved any more: whoever wants it starts it.
      return isHeld ? undefined : 'draft';
    case 'scheduled':
    case 'needs_confirmation':
      return isHeld ? 'in_review' : undefined;
    case 'planning':
    case 'running':
    case 'paused':
      // It has begun: nobody would look at it before it is sent.
      if (isHeld) throw refusal('EDIT_NEEDS_REVIEW');
      return undefined;
    default:
      return undefined;
  }
}
