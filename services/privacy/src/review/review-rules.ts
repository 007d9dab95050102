import { type Request, type Right } from '../requests/request.js';

/** How a request comes in. */
export type Intake = 'single' | 'batch';

/** Requests that wait: those that agree with all that is stated; empty: any. */
export interface ReviewRule {
  right: Right | '';
  verification: string;
  intake: Intake | '';
}

/** A tenant's own rules of review. */
export interface ReviewRules {
  waits: readonly ReviewRule[];
  secondPerson: boolean;
  updatedAt: Date | null;
  updatedBy: string | null;
}

/** Its identity was verified by nobody: whatever the rules say, it waits until a member says how it was. */
export const UNVERIFIED = 'none';

/** Of a tenant that never set any: an agent's word alone moves nothing. */
export const FIRST_RULES: ReviewRules = {
  waits: [{ right: '', verification: 'known_to_agent', intake: '' }],
  ...{ secondPerson: false, updatedAt: null, updatedBy: null },
};

export function waitsForReview(
  { waits }: Pick<ReviewRules, 'waits'>,
  { right, verification }: Pick<Request, 'right' | 'verification'>,
  intake: Intake,
): boolean {
  if (verification === UNVERIFIED) return true;
  return waits.some(
    (rule) =>
      agrees(rule.right, right) && agrees(rule.verification, verification) && agrees(rule.intake, intake),
  );
}

function agrees(stated: string, is: string): boolean {
  return stated === '' || stated === is;
}
