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
  /** Who placed it has said that its person must not learn of it. */
  withoutTelling: boolean;
  tooLateRequest: string | null;
  /** Of each store: service, store, and what it had answered. */
  tooLateFor: string[];
}

type Outcome = StoreAnswer['outcome'];

const ORDERED = 'ORDERED';
/** privacy keeps it for as long as its person is held. */
const KEPT_WHILE_HELD = 'privacy.request-record';

/**
 * What a hold comes too late for: every store that was ordered to erase, but for those that have answered that they hold
 * nothing, or keep it for longer than the hold lasts. Whoever has not answered may have begun.
 */
export function tooLateFor(stores: readonly StoreState[], until: Date | null): string[] {
  return stores
    .filter(({ store, answer }) => !answer || (losesIt(answer, until) && store !== KEPT_WHILE_HELD))
    .map(({ service, store, answer }) => `${service} ${store} ${answer?.outcome ?? ORDERED}`);
}

function losesIt({ outcome, until: kept }: StoreAnswer, until: Date | null): boolean {
  if (outcome === 'RETAINED') return kept !== undefined && (until === null || new Date(kept) < until);
  return outcome !== 'NOTHING_HELD';
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
    withoutTelling: hold.withoutTelling,
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
