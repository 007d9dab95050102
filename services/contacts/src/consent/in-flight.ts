import { contactsV1, messagingV1, telephonyV1, typesV1 } from '@heed/contracts';

/** Where an attempt stands, as its sender says. */
export interface Standing {
  state: contactsV1.InFlightState;
  /** Undefined where nobody can tell. */
  since?: Date;
  reason?: string;
}

const { InFlightState } = contactsV1;
const { Outcome } = typesV1;

/** Its sender does not answer, or knows nothing of it. */
export const NOT_TOLD: Standing = { state: InFlightState.IN_FLIGHT_STATE_NOT_TOLD };

/** A message, once it was handed over, is with others until something was heard of it (ATTACKS 2.10). */
export function standingOfMessage(attempt: messagingV1.Attempt): Standing {
  const { AttemptState, Delivery } = messagingV1;
  const { outcome, delivery, reason } = attempt;
  switch (attempt.state) {
    case AttemptState.ATTEMPT_STATE_ARMED:
      return underWay(attempt.armedAt);
    case AttemptState.ATTEMPT_STATE_CONCLUDED:
      break;
    default:
      // It waits for another permit, which it will not get.
      return { state: InFlightState.IN_FLIGHT_STATE_STOPPED };
  }
  if (outcome === Outcome.OUTCOME_SENT && delivery === Delivery.DELIVERY_UNSPECIFIED)
    return { state: InFlightState.IN_FLIGHT_STATE_HANDED_OVER, ...sinceOf(attempt.concludedAt) };
  if (outcome === Outcome.OUTCOME_SENT) return ended(attempt.deliveryAt, attempt.deliveryCode);
  return concluded(outcome, attempt.concludedAt, reason);
}

export function standingOfCall(call: telephonyV1.Call): Standing {
  const { CallState, CallEndedBy } = telephonyV1;
  switch (call.state) {
    case CallState.CALL_STATE_ARMED:
    case CallState.CALL_STATE_RINGING:
      return underWay(call.createdAt);
    case CallState.CALL_STATE_ANSWERED:
      return underWay(call.answeredAt);
    case CallState.CALL_STATE_ENDED:
      break;
    default:
      return { state: InFlightState.IN_FLIGHT_STATE_STOPPED };
  }
  const isStopped =
    call.endedBy === CallEndedBy.CALL_ENDED_BY_REVOCATION ||
    call.endedBy === CallEndedBy.CALL_ENDED_BY_KEY ||
    (call.outcome === Outcome.OUTCOME_FAILED && call.reason === 'revoked');
  return isStopped ? stopped(call.endedAt, call.reason) : concluded(call.outcome, call.endedAt, call.reason);
}

/** Whether it belongs on an opt-out of that time: what had come to its end before was not on its way. */
export function wasInFlight({ state, since }: Standing, recordedAt: Date): boolean {
  const isOver =
    state === InFlightState.IN_FLIGHT_STATE_ENDED || state === InFlightState.IN_FLIGHT_STATE_STOPPED;
  return !isOver || since === undefined || since >= recordedAt;
}

function concluded(outcome: typesV1.Outcome, at: string, reason: string): Standing {
  if (outcome === Outcome.OUTCOME_UNKNOWN)
    return { state: InFlightState.IN_FLIGHT_STATE_UNKNOWN, ...sinceOf(at), reason };
  return outcome === Outcome.OUTCOME_SKIPPED ? stopped(at, reason) : ended(at, reason);
}

const underWay = (at: string): Standing => ({
  state: InFlightState.IN_FLIGHT_STATE_UNDER_WAY,
  ...sinceOf(at),
});
const ended = (at: string, reason: string): Standing => ({
  state: InFlightState.IN_FLIGHT_STATE_ENDED,
  ...sinceOf(at),
  reason,
});
const stopped = (at: string, reason: string): Standing => ({
  state: InFlightState.IN_FLIGHT_STATE_STOPPED,
  ...sinceOf(at),
  reason,
});

function sinceOf(text: string): { since?: Date } {
  const since = new Date(text);
  return Number.isNaN(since.getTime()) ? {} : { since };
}
