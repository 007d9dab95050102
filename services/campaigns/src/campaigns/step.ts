import { type campaignsV1, typesV1 } from '@heed/contracts';
import { invalidArgument, type FieldViolation } from '@heed/kernel';
import { type Outcome } from '../ledger/ledger.js';
import { type Channel } from './campaign.js';

/** The first step reaches the people of the list; each other those with whom an earlier one came to a certain end. */
export interface Step {
  /** From 1. */
  step: number;
  channel: Channel;
  templateId: string;
  ratePerSecond: number;
  /** Null for the first. */
  follows: number | null;
  outcomes: Outcome[];
  /** Empty: any. */
  reasons: string[];
  delaySeconds: number;
  /** Also follows what was sent and came back for good within so long; null: does not. */
  bouncedWithinSeconds: number | null;
}

/** How an intent ended, as far as that decides what follows. */
export interface End {
  step: number;
  outcome: Outcome;
  reason: string | null;
  /** It came back, and that was heard before it was heard to be sent. */
  bounced?: boolean;
}

const OUTCOMES = new Map<typesV1.Outcome, Outcome>([
  [typesV1.Outcome.OUTCOME_SENT, 'sent'],
  [typesV1.Outcome.OUTCOME_SKIPPED, 'skipped'],
  [typesV1.Outcome.OUTCOME_FAILED, 'failed'],
  [typesV1.Outcome.OUTCOME_UNKNOWN, 'unknown'],
]);

/** Undefined for what is no end. */
export function outcomeOf(code: typesV1.Outcome): Outcome | undefined {
  return OUTCOMES.get(code);
}

export function outcomeCode(outcome: Outcome): typesV1.Outcome {
  return [...OUTCOMES].find(([, ours]) => ours === outcome)![0];
}

/** Ends that nothing follows: there is nobody any more, or the campaign itself is ending. */
const FINAL: ReadonlySet<string> = new Set(['erased', 'cancelled', 'planning_failed']);

/** The steps that follow this end. Whether their people may be reached is asked when they are. */
export function stepsAfter(steps: readonly Step[], { step, outcome, reason, bounced }: End): Step[] {
  if (outcome === 'skipped' && FINAL.has(reason ?? '')) return [];
  return steps.filter(
    ({ follows, outcomes, reasons, bouncedWithinSeconds }) =>
      follows === step &&
      ((outcomes.includes(outcome) && (reasons.length === 0 || reasons.includes(reason ?? ''))) ||
        (bounced === true && bouncedWithinSeconds !== null)),
  );
}

/** The steps that follow a message of `step` which came back, so long after its end. */
export function stepsAfterBounce(steps: readonly Step[], step: number, sinceEndMs: number): Step[] {
  return steps.filter(
    ({ follows, bouncedWithinSeconds }) =>
      follows === step && bouncedWithinSeconds !== null && sinceEndMs <= bouncedWithinSeconds * 1000,
  );
}

/** How long a message that ended so may come back and begin a step; 0: nothing waits for that. */
export function mayBounceForMs(steps: readonly Step[], { step, outcome }: End): number {
  if (outcome !== 'sent' && outcome !== 'unknown') return 0;
  return Math.max(0, ...steps.map((s) => (s.follows === step ? (s.bouncedWithinSeconds ?? 0) * 1000 : 0)));
}

/** A step before its template has been looked up. */
export type PlannedStep = Omit<Step, 'channel'>;

/** The steps that a request asks for; without any, the one that its template is. */
export function plannedSteps(request: campaignsV1.CreateCampaignRequest): PlannedStep[] {
  const { templateId, ratePerSecond, steps } = request;
  if (steps.length === 0) {
    if (templateId === '') throw invalidArgument({ field: 'template_id', reason: 'REQUIRED' });
    const first = { follows: null, outcomes: [], reasons: [], delaySeconds: 0, bouncedWithinSeconds: null };
    return [{ step: 1, templateId, ratePerSecond, ...first }];
  }
  const violations = steps.flatMap(violationsOf);
  if (templateId !== '') violations.push({ field: 'template_id', reason: 'NOT_WITH_STEPS' });
  if (violations.length > 0) throw invalidArgument(...violations);
  return steps.map((plan, index) => plannedStep(plan, index + 1, ratePerSecond));
}

/** A campaign has no more than this. */
export const MOST_STEPS = 20;

/** A step that comes behind those that there are. */
export function addedStep(
  plan: campaignsV1.StepPlan,
  number: number,
  steps: readonly Step[],
  ratePerSecond: number,
): PlannedStep {
  const violations = violationsOf(plan, number - 1)
    .filter(({ field }) => !field.endsWith('.follows'))
    .map(({ field, ...rest }) => ({ ...rest, field: field.replace(/^steps\[\d+\]/, 'step') }));
  if (!steps.some(({ step }) => step === plan.follows)) {
    violations.push({ field: 'step.follows', reason: 'NOT_AN_EARLIER_STEP' });
  }
  if (violations.length > 0) throw invalidArgument(...violations);
  return plannedStep(plan, number, ratePerSecond);
}

function plannedStep(plan: campaignsV1.StepPlan, step: number, ratePerSecond: number): PlannedStep {
  return {
    step,
    templateId: plan.templateId,
    ratePerSecond: plan.ratePerSecond || ratePerSecond,
    follows: plan.follows || null,
    outcomes: [...new Set(plan.outcomes.flatMap((code) => outcomeOf(code) ?? []))],
    reasons: [...new Set(plan.reasons)],
    delaySeconds: Number(plan.delaySeconds),
    bouncedWithinSeconds: Number(plan.bouncedWithinSeconds) || null,
  };
}

/** A step follows an earlier one, so that none follows itself, however far around; the first follows the list. */
function violationsOf(plan: campaignsV1.StepPlan, index: number): FieldViolation[] {
  const { follows, outcomes, reasons, delaySeconds, bouncedWithinSeconds } = plan;
  const at = (name: string): string => `steps[${index}].${name}`;
  if (index === 0) {
    const isFree = follows === 0 && outcomes.length === 0 && reasons.length === 0;
    const conditions = !isFree || delaySeconds > 0n || bouncedWithinSeconds > 0n;
    return conditions ? [{ field: at('follows'), reason: 'FIRST_FOLLOWS_NOTHING' }] : [];
  }
  const violations: FieldViolation[] = [];
  if (follows < 1 || follows > index)
    violations.push({ field: at('follows'), reason: 'NOT_AN_EARLIER_STEP' });
  if (outcomes.length === 0 && bouncedWithinSeconds === 0n)
    violations.push({ field: at('outcomes'), reason: 'REQUIRED' });
  if (outcomes.some((code) => !OUTCOMES.has(code))) {
    violations.push({ field: at('outcomes'), reason: 'NOT_AN_END' });
  }
  return violations;
}

/** Whether what each step follows can come back at all: a call cannot. */
export function bounceViolations(steps: readonly Step[]): FieldViolation[] {
  return steps.flatMap(({ follows, bouncedWithinSeconds }, index) => {
    const before = steps.find(({ step }) => step === follows);
    if (bouncedWithinSeconds === null || before?.channel === 'email') return [];
    return [{ field: `steps[${index}].bounced_within_seconds`, reason: 'NOT_AFTER_EMAIL' }];
  });
}
