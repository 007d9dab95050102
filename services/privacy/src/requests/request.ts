import { type ActionName } from '@heed/data-rights';

/** What a person asks for, or what is done for them. */
export type Right = 'ERASURE' | 'ACCESS' | 'RESTRICTION' | 'LIFT' | 'CORRECTION';

/** What is ordered of every store first. */
export const FIRST_ORDER: Record<Right, ActionName> = {
  ERASURE: 'ERASE',
  ACCESS: 'ACCESS',
  RESTRICTION: 'RESTRICT',
  LIFT: 'LIFT',
  CORRECTION: 'CORRECT',
};

/**
 * REVIEW: a member must approve it. INFORMING: the person is being told that their restriction ends. HELD: a hold keeps
 * what is to be erased. FANNED_OUT: orders are out. PROBING: all have answered, probes are out. CLOSING: everything is in,
 * the log is being told.
 */
export const STATES = [
  'INFORMING',
  'FANNED_OUT',
  'PROBING',
  'CLOSING',
  'COMPLETED',
  'COMPLETED_WITH_EXCEPTIONS',
  'NEEDS_ATTENTION',
  'REFUSED',
  'CANCELLED',
  'HELD',
  'REVIEW',
] as const;
export type State = (typeof STATES)[number];

/** Orders of it are neither out nor on their way: it waits for somebody, or for a word to its person. */
export function isUnordered({ state }: Pick<Request, 'state'>): boolean {
  return state === 'REVIEW' || state === 'INFORMING' || state === 'HELD';
}

/** Where it stands once nobody has to approve it any more. */
export function firstState({ right, informed }: Pick<Request, 'right' | 'informed'>): State {
  return right === 'LIFT' && informed === null ? 'INFORMING' : 'FANNED_OUT';
}

/** How a request ends of which nothing was ordered. */
export type TakenBack = 'REFUSED' | 'CANCELLED';

export function isTakenBack({ state }: Pick<Request, 'state'>): boolean {
  return state === 'REFUSED' || state === 'CANCELLED';
}

export type SubjectKind = 'contact' | 'member';

/** A request as it is kept: ids, codes and times. */
export interface Request {
  requestId: string;
  right: Right;
  state: State;
  subjectId: string;
  subjectKind: SubjectKind;
  objects: boolean;
  verification: string;
  takenBy: string;
  /** How the person was told, where that must come first. */
  informed: string | null;
  /** Why a member closed it with something missing. */
  exceptionReason: string | null;
  extendedBecause: string | null;
  /** Since when a silent store of it is before a person. */
  attentionAt: Date | null;
  /** Why a member refused it. */
  refusalGround: string | null;
  /** Who approved it, where somebody had to. */
  approvedBy: string | null;
  /** Whoever took it cannot approve it: by the rule that was in force then. */
  needsSecondPerson: boolean;
  handle: string | null;
  receivedAt: Date;
  dueAt: Date;
  closedAt: Date | null;
}

type NotYet =
  | ('exceptionReason' | 'extendedBecause' | 'attentionAt' | 'refusalGround' | 'approvedBy')
  | ('needsSecondPerson' | 'closedAt' | 'dueAt');

/** One of which nothing has come to pass but that it was received. */
export function newRequest(asked: Omit<Request, NotYet>): Request {
  return {
    ...asked,
    ...{
      exceptionReason: null,
      extendedBecause: null,
      attentionAt: null,
      refusalGround: null,
      approvedBy: null,
      needsSecondPerson: false,
    },
    ...{ dueAt: dueAt(asked.receivedAt), closedAt: null },
  };
}

/**
 * LAW: GDPR Art. 12(3): within one month of receipt. By the calendar: the same day of the next month, or its last day
 * where there is none. Regulation 1182/71 would add the rest of that day and a weekend; the earlier end is kept.
 */
export function dueAt(receivedAt: Date): Date {
  return afterMonths(receivedAt, 1);
}

function afterMonths(from: Date, months: number): Date {
  const until = new Date(from);
  until.setUTCMonth(until.getUTCMonth() + months);
  // 31 January and one month is no day of February: the date has run over into March.
  if (until.getUTCDate() !== from.getUTCDate()) until.setUTCDate(0);
  return until;
}

/** LAW: GDPR Art. 12(3): may be extended by two further months. */
export function extendedDue(due: Date): Date {
  return afterMonths(due, 2);
}

/** What every service must answer before a request of this right is complete. */
export const DEMANDED: Record<Right, readonly ActionName[]> = {
  ERASURE: ['ERASE', 'PROBE'],
  ACCESS: ['ACCESS'],
  RESTRICTION: ['RESTRICT'],
  LIFT: ['LIFT'],
  CORRECTION: ['CORRECT', 'PROBE'],
};

/** Whether what was done is searched for afterwards. */
export function isProbed(right: Right): boolean {
  return DEMANDED[right].includes('PROBE');
}

/** What the services have answered so far, each for all of its stores. */
export interface Progress {
  /** Services whose answer is not in, and whose probe is not. */
  unanswered: number;
  unprobed: number;
  /** A probe has found something. */
  found: boolean;
  /** Processors that have something of the person and were not told yet, as far as the log knows, or have said no. */
  untold: number;
}

/** Everything that was demanded is in, and nothing was found. */
export function isWhole(right: Right, { unanswered, unprobed, found, untold }: Progress): boolean {
  return unanswered === 0 && (!isProbed(right) || unprobed === 0) && !found && untold === 0;
}

export type Step = 'wait' | 'probe' | 'probe late' | 'attend' | 'package' | 'close';

/** No receipt, no "complete" (I6): where one service has not answered there is no step but to wait. */
export function nextStep(right: Right, state: State, progress: Progress): Step {
  const { unanswered, unprobed, found, untold } = progress;
  if (unanswered > 0) return 'wait';
  // A store that was silent has answered after all: it is searched like the others.
  if (state === 'COMPLETED_WITH_EXCEPTIONS') return isProbed(right) && unprobed > 0 ? 'probe late' : 'wait';
  switch (right) {
    case 'ACCESS':
      return state === 'FANNED_OUT' ? 'package' : 'wait';
    case 'RESTRICTION':
    case 'LIFT':
      return state === 'FANNED_OUT' ? 'close' : 'wait';
    case 'ERASURE':
    case 'CORRECTION':
      if (state === 'FANNED_OUT') return 'probe';
      if (state !== 'PROBING' || unprobed > 0) return 'wait';
      if (found) return 'attend';
      return untold > 0 ? 'wait' : 'close';
  }
}
