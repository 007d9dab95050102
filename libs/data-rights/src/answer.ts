import { datarightsV1 } from '@heed/contracts';
import { DomainError } from '@heed/kernel';

type WireOutcome = datarightsV1.StoreOutcome;
const Wire = datarightsV1.StoreOutcome;

const OUTCOMES = {
  ERASED: Wire.STORE_OUTCOME_ERASED,
  ANONYMISED: Wire.STORE_OUTCOME_ANONYMISED,
  NOTHING_HELD: Wire.STORE_OUTCOME_NOTHING_HELD,
  RETAINED: Wire.STORE_OUTCOME_RETAINED,
  EXPORTED: Wire.STORE_OUTCOME_EXPORTED,
  PROBED_CLEAN: Wire.STORE_OUTCOME_PROBED_CLEAN,
  PROBED_FOUND: Wire.STORE_OUTCOME_PROBED_FOUND,
  IN_BACKUP: Wire.STORE_OUTCOME_IN_BACKUP,
  RESTRICTED: Wire.STORE_OUTCOME_RESTRICTED,
  LIFTED: Wire.STORE_OUTCOME_LIFTED,
  CORRECTED: Wire.STORE_OUTCOME_CORRECTED,
  AT_PROCESSOR: Wire.STORE_OUTCOME_AT_PROCESSOR,
} as const satisfies Record<string, WireOutcome>;

/** What a store did about a person, or found there. "Skipped" does not exist. */
export type Outcome = keyof typeof OUTCOMES;

/** What one store says about one order, as it stands in a statement. */
export interface StoreAnswer {
  /** `contacts.endpoint`: service and name in its manifest. */
  store: string;
  outcome: Outcome;
  /** Rows, objects or keys concerned. */
  count: number;
  /** How it was anonymised, on what ground it is retained, why it stays in a copy: a code, or empty. */
  detail: string;
  /** RFC 3339 time until which it is kept; empty where it is not. */
  until: string;
  /** SHA-256 of the exported part, in hex; empty where nothing was exported. */
  digest: string;
}

export function answer(
  store: string,
  outcome: Outcome,
  rest: Partial<Omit<StoreAnswer, 'store' | 'outcome'>> = {},
): StoreAnswer {
  return { store, outcome, count: 0, detail: '', until: '', digest: '', ...rest };
}

export function isOutcome(value: unknown): value is Outcome {
  return typeof value === 'string' && Object.hasOwn(OUTCOMES, value);
}

export function outcomeToWire(outcome: Outcome): WireOutcome {
  return OUTCOMES[outcome];
}

export function answerToWire({
  store,
  outcome,
  count,
  detail,
  until,
  digest,
}: StoreAnswer): datarightsV1.StoreEntry {
  return {
    store,
    outcome: OUTCOMES[outcome],
    count: BigInt(count),
    detail,
    until,
    digest: Buffer.from(digest, 'hex'),
  };
}

const ACTIONS = {
  ERASE: datarightsV1.Action.ACTION_ERASE,
  PROBE: datarightsV1.Action.ACTION_PROBE,
  ACCESS: datarightsV1.Action.ACTION_ACCESS,
  RESTRICT: datarightsV1.Action.ACTION_RESTRICT,
  LIFT: datarightsV1.Action.ACTION_LIFT,
  CORRECT: datarightsV1.Action.ACTION_CORRECT,
} as const satisfies Record<string, datarightsV1.Action>;

/** An action by the name that statements give it. */
export type ActionName = keyof typeof ACTIONS;

/** Absorbing: their place among a person's other orders is indifferent, so they travel in batches. Others go alone. */
const TOGETHER: readonly ActionName[] = ['ERASE', 'PROBE', 'ACCESS'];

export function goesAlone(action: ActionName): boolean {
  return !TOGETHER.includes(action);
}

export function isActionName(value: unknown): value is ActionName {
  return typeof value === 'string' && Object.hasOwn(ACTIONS, value);
}

export function actionToWire(action: ActionName): datarightsV1.Action {
  return ACTIONS[action];
}

export function actionFromWire(action: datarightsV1.Action): ActionName {
  const found = (Object.keys(ACTIONS) as ActionName[]).find((name) => ACTIONS[name] === action);
  if (found) return found;
  throw new DomainError('ACTION_UNKNOWN', 'invalid-argument', {
    message: 'an order for something unknown here',
  });
}
