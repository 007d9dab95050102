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
}

/** How an intent ended, as far as that decides what follows. */
export interface End {
  step: number;
  outcome: Outcome;
  reason: string | null;
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
export function stepsAfter(steps: readonly Step[], { step, outcome, reason }: End): Step[] {
  if (outcome === 'skipped' && FINAL.has(reason ?? '')) return [];
  return steps.filter(
    ({ follows, outcomes, reasons }) =>
      follows === step &&
      outcomes.includes(outcome) &&
      (reasons.length === 0 || reasons.includes(reason ?? '')),
  );
}

/** A step before its template has been looked up. */
export type PlannedStep = Omit<Step, 'channel'>;

/** The steps that a request asks for; without any, the one that its template is. */
export function plannedSteps(request: campaignsV1.CreateCampaignRequest): PlannedStep[] {
  const { templateId, ratePerSecond, steps } = request;
  if (steps.length === 0) {
    if (templateId === '') throw invalidArgument({ field: 'template_id', reason: 'REQUIRED' });
    const first = { follows: null, outcomes: [], reasons: [], delaySeconds: 0 };
    return [{ step: 1, templateId, ratePerSecond, ...first }];
  }
  const violations = steps.flatMap(violationsOf);
  if (templateId !== '') violations.push({ field: 'template_id', reason: 'NOT_WITH_STEPS' });
  if (violations.length > 0) throw invalidArgument(...violations);
  return steps.map((plan, index) => ({
    step: index + 1,
    templateId: plan.templateId,
    ratePerSecond: plan.ratePerSecond || ratePerSecond,
    follows: plan.follows || null,
    outcomes: [...new Set(plan.outcomes.flatMap((code) => outcomeOf(code) ?? []))],
    reasons: [...new Set(plan.reasons)],
    delaySeconds: Number(plan.delaySeconds),
  }));
}

/** A step follows an earlier one, so that none follows itself, however far around; the first follows the list. */
function violationsOf(plan: campaignsV1.StepPlan, index: number): FieldViolation[] {
  const { follows, outcomes, reasons, delaySeconds } = plan;
  const at = (name: string): string => `steps[${index}].${name}`;
  if (index === 0) {
    const conditions = follows !== 0 || outcomes.length > 0 || reasons.length > 0 || delaySeconds > 0n;
    return conditions ? [{ field: at('follows'), reason: 'FIRST_FOLLOWS_NOTHING' }] : [];
  }
  const violations: FieldViolation[] = [];
  if (follows < 1 || follows > index)
    violations.push({ field: at('follows'), reason: 'NOT_AN_EARLIER_STEP' });
  if (outcomes.length === 0) violations.push({ field: at('outcomes'), reason: 'REQUIRED' });
  if (outcomes.some((code) => !OUTCOMES.has(code))) {
    violations.push({ field: at('outcomes'), reason: 'NOT_AN_END' });
  }
  return violations;
}
