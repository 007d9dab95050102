import { outcomeToWire, type StoreAnswer } from '@heed/data-rights';
import { datarightsV1, type privacyV1 } from '@heed/contracts';
import { type StoreState } from '../answers/store-states.js';
import { type SubjectKind } from '../requests/request.js';

/** A hold as it is kept: ids, codes and times. */
export interface Hold {
  holdId: string;
  subjectId: string;
  subjectKind: SubjectKind;
  ground: string;
  matter: string;
  placedBy: string;
  placedAt: Date;
  until: Date | null;
  releasedAt: Date | null;
  releasedBy: string | null;
  tooLateRequest: string | null;
  /** Of each store: service, store, and what it had answered. */
  tooLateFor: string[];
}

type Outcome = StoreAnswer['outcome'];

/** A store that answers so has lost nothing by the order. */
const LOST_NOTHING: readonly Outcome[] = ['NOTHING_HELD', 'RETAINED'];
const ORDERED = 'ORDERED';

/**
 * What a hold comes too late for: every store that was ordered to erase, but for those that have answered that they hold
 * nothing or keep it. Whoever has not answered may have begun.
 */
export function tooLateFor(stores: readonly StoreState[]): string[] {
  return stores
    .filter(({ answer }) => !answer || !LOST_NOTHING.includes(answer.outcome))
    .map(({ service, store, answer }) => `${service} ${store} ${answer?.outcome ?? ORDERED}`);
}

export function holdMessage(hold: Hold): privacyV1.Hold {
  return {
    ...{ holdId: hold.holdId, subjectId: hold.subjectId, ground: hold.ground, matter: hold.matter },
    subjectKind:
      hold.subjectKind === 'member'
        ? datarightsV1.SubjectKind.SUBJECT_KIND_MEMBER
        : datarightsV1.SubjectKind.SUBJECT_KIND_CONTACT,
    ...{ placedBy: hold.placedBy, placedAt: hold.placedAt.toISOString() },
    ...{ until: hold.until?.toISOString() ?? '', releasedAt: hold.releasedAt?.toISOString() ?? '' },
    releasedBy: hold.releasedBy ?? '',
    tooLate: hold.tooLateFor.map((line) => {
      const [service = '', store = '', outcome = ORDERED] = line.split(' ');
      return {
        ...{ service, store, requestId: hold.tooLateRequest ?? '' },
        outcome:
          outcome === ORDERED
            ? datarightsV1.StoreOutcome.STORE_OUTCOME_UNSPECIFIED
            : outcomeToWire(outcome as Outcome),
      };
    }),
  };
}
