import { datarightsV1, privacyV1 } from '@heed/contracts';
import { outcomeToWire } from '@heed/data-rights';
import { type StoreState } from '../answers/store-states.js';
import { isProbed, STATES, type Request, type Right, type State, type SubjectKind } from './request.js';

const { RequestState, Right: WireRight } = privacyV1;
const NOT_STATED = datarightsV1.StoreOutcome.STORE_OUTCOME_UNSPECIFIED;

const RIGHTS: Record<Right, privacyV1.Right> = {
  ERASURE: WireRight.RIGHT_ERASURE,
  ACCESS: WireRight.RIGHT_ACCESS,
  RESTRICTION: WireRight.RIGHT_RESTRICTION,
  LIFT: WireRight.RIGHT_LIFT,
  CORRECTION: WireRight.RIGHT_CORRECTION,
};

/** While the log is being told, the last visible step is the one before. */
function stateOf(right: Right, state: State): privacyV1.RequestState {
  switch (state) {
    case 'INFORMING':
      return RequestState.REQUEST_STATE_INFORMING;
    case 'FANNED_OUT':
      return RequestState.REQUEST_STATE_FANNED_OUT;
    case 'PROBING':
      return RequestState.REQUEST_STATE_PROBING;
    case 'CLOSING':
      return isProbed(right) ? RequestState.REQUEST_STATE_PROBING : RequestState.REQUEST_STATE_FANNED_OUT;
    case 'COMPLETED':
      return RequestState.REQUEST_STATE_COMPLETED;
    case 'COMPLETED_WITH_EXCEPTIONS':
      return RequestState.REQUEST_STATE_COMPLETED_WITH_EXCEPTIONS;
    case 'NEEDS_ATTENTION':
      return RequestState.REQUEST_STATE_NEEDS_ATTENTION;
    case 'REVIEW':
      return RequestState.REQUEST_STATE_REVIEW;
    case 'HELD':
      return RequestState.REQUEST_STATE_HELD;
    case 'REFUSED':
      return RequestState.REQUEST_STATE_REFUSED;
    case 'CANCELLED':
      return RequestState.REQUEST_STATE_CANCELLED;
  }
}

/** The states behind a filter; none for all. */
export function statesIn(state: privacyV1.RequestState): State[] {
  if (state === RequestState.REQUEST_STATE_UNSPECIFIED) return [];
  return STATES.filter((kept) => stateOf('ERASURE', kept) === state || stateOf('ACCESS', kept) === state);
}

export function rightToWire(right: Right): privacyV1.Right {
  return RIGHTS[right];
}

export function rightOf(right: privacyV1.Right): Right | null {
  return (Object.keys(RIGHTS) as Right[]).find((name) => RIGHTS[name] === right) ?? null;
}

export function kindOf(kind: datarightsV1.SubjectKind): SubjectKind {
  return kind === datarightsV1.SubjectKind.SUBJECT_KIND_MEMBER ? 'member' : 'contact';
}

export function requestMessage(
  request: Request,
  stores: readonly StoreState[],
  storesExpected = stores.length,
): privacyV1.Request {
  return {
    requestId: request.requestId,
    right: RIGHTS[request.right],
    state: stateOf(request.right, request.state),
    subjectId: request.subjectId,
    subjectKind:
      request.subjectKind === 'member'
        ? datarightsV1.SubjectKind.SUBJECT_KIND_MEMBER
        : datarightsV1.SubjectKind.SUBJECT_KIND_CONTACT,
    receivedAt: request.receivedAt.toISOString(),
    dueAt: request.dueAt.toISOString(),
    closedAt: request.closedAt?.toISOString() ?? '',
    stores: stores.map(({ service, store, answer, answeredAt, probe, asked }) => ({
      ...{ service, store },
      outcome: answer ? outcomeToWire(answer.outcome) : NOT_STATED,
      count: BigInt(answer?.count ?? 0),
      detail: answer?.detail ?? '',
      answeredAt: answeredAt?.toISOString() ?? '',
      probe: probe ? outcomeToWire(probe.outcome) : NOT_STATED,
      askedAt: asked?.at.toISOString() ?? '',
      timesAsked: asked?.times ?? 0,
    })),
    storesExpected,
    objects: request.objects,
    verification: request.verification,
    takenBy: request.takenBy,
    informed: request.informed ?? '',
    exceptionReason: request.exceptionReason ?? '',
    extendedBecause: request.extendedBecause ?? '',
    attentionAt: request.attentionAt?.toISOString() ?? '',
    refusalGround: request.refusalGround ?? '',
    approvedBy: request.approvedBy ?? '',
  };
}
