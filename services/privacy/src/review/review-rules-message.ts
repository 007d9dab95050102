import { privacyV1 } from '@heed/contracts';
import { invalidArgument } from '@heed/kernel';
import { rightOf, rightToWire } from '../requests/request-message.js';
import { type Intake, type ReviewRules } from './review-rules.js';

const { Intake: Wire, Right } = privacyV1;

const INTAKES: Record<Intake | '', privacyV1.Intake> = {
  '': Wire.INTAKE_UNSPECIFIED,
  single: Wire.INTAKE_SINGLE,
  batch: Wire.INTAKE_BATCH,
};

export function rulesMessage({
  waits,
  secondPerson,
  updatedAt,
  updatedBy,
}: ReviewRules): privacyV1.ReviewRules {
  return {
    waits: waits.map(({ right, verification, intake }) => ({
      right: right === '' ? Right.RIGHT_UNSPECIFIED : rightToWire(right),
      ...{ verification, intake: INTAKES[intake] },
    })),
    ...{ secondPerson, updatedAt: updatedAt?.toISOString() ?? '', updatedBy: updatedBy ?? '' },
  };
}

export function rulesIn({
  waits,
  secondPerson,
}: privacyV1.ReviewRules): Pick<ReviewRules, 'waits' | 'secondPerson'> {
  return {
    secondPerson,
    waits: waits.map(({ right, verification, intake }, index) => {
      const known = (Object.keys(INTAKES) as (Intake | '')[]).find((name) => INTAKES[name] === intake);
      const asked = right === Right.RIGHT_UNSPECIFIED ? '' : rightOf(right);
      const field = `review_rules.waits[${index}]`;
      if (asked === null) throw invalidArgument({ field: `${field}.right`, reason: 'UNKNOWN' });
      if (known === undefined) throw invalidArgument({ field: `${field}.intake`, reason: 'UNKNOWN' });
      return { right: asked, verification, intake: known };
    }),
  };
}
