import { type Tx } from '@heed/postgres';
import { templateById } from '../templates/template.store.js';
import { findingsIn, type Finding } from './review.js';
import { type Step } from './step.js';

export interface FoundInStep {
  step: number;
  finding: Finding;
}

/** Templates never change, so what is found under the same laws is the same whenever it is looked for. */
export async function reviewed(
  tx: Tx,
  steps: readonly Step[],
  labelsDue: readonly string[],
): Promise<FoundInStep[]> {
  const found: FoundInStep[] = [];
  for (const { step, templateId } of steps) {
    const findings = findingsIn(await templateById(tx, templateId), labelsDue);
    found.push(...findings.map((finding) => ({ step, finding })));
  }
  return found;
}
