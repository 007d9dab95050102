import { telephonyV1, typesV1 } from '@heed/contracts';
import { type CallEntity } from './call.entity.js';
import { type CallState, type EndedBy, type Outcome } from './call.js';

const WIRE_STATE: Record<CallState, telephonyV1.CallState> = {
  queued: telephonyV1.CallState.CALL_STATE_QUEUED,
  deferred: telephonyV1.CallState.CALL_STATE_DEFERRED,
  armed: telephonyV1.CallState.CALL_STATE_ARMED,
  ringing: telephonyV1.CallState.CALL_STATE_RINGING,
  answered: telephonyV1.CallState.CALL_STATE_ANSWERED,
  ended: telephonyV1.CallState.CALL_STATE_ENDED,
};

const WIRE_OUTCOME: Record<Outcome, typesV1.Outcome> = {
  sent: typesV1.Outcome.OUTCOME_SENT,
  skipped: typesV1.Outcome.OUTCOME_SKIPPED,
  failed: typesV1.Outcome.OUTCOME_FAILED,
  unknown: typesV1.Outcome.OUTCOME_UNKNOWN,
};

const WIRE_ENDED_BY: Record<EndedBy, telephonyV1.CallEndedBy> = {
  other_side: telephonyV1.CallEndedBy.CALL_ENDED_BY_OTHER_SIDE,
  key: telephonyV1.CallEndedBy.CALL_ENDED_BY_KEY,
  revocation: telephonyV1.CallEndedBy.CALL_ENDED_BY_REVOCATION,
  erasure: telephonyV1.CallEndedBy.CALL_ENDED_BY_ERASURE,
  shutdown: telephonyV1.CallEndedBy.CALL_ENDED_BY_SHUTDOWN,
  time_limit: telephonyV1.CallEndedBy.CALL_ENDED_BY_TIME_LIMIT,
};

export function endedByMessage(endedBy: EndedBy | null | undefined): telephonyV1.CallEndedBy {
  return endedBy ? WIRE_ENDED_BY[endedBy] : telephonyV1.CallEndedBy.CALL_ENDED_BY_UNSPECIFIED;
}

export function endedByOf(wire: telephonyV1.CallEndedBy): EndedBy | null {
  return (Object.keys(WIRE_ENDED_BY) as EndedBy[]).find((by) => WIRE_ENDED_BY[by] === wire) ?? null;
}

export function callMessage(row: CallEntity, recorded: boolean): telephonyV1.Call {
  return {
    callId: row.callId ?? '',
    contactId: row.contactId ?? '',
    purpose: row.purpose,
    state: WIRE_STATE[row.state],
    outcome: row.outcome ? WIRE_OUTCOME[row.outcome] : typesV1.Outcome.OUTCOME_UNSPECIFIED,
    reason: row.reason,
    permitId: row.permitId ?? '',
    endpointId: row.endpointId ?? '',
    placedBy: row.placedBy ?? '',
    createdAt: row.createdAt.toISOString(),
    answeredAt: row.answeredAt?.toISOString() ?? '',
    endedAt: row.endedAt?.toISOString() ?? '',
    recorded,
    campaignId: row.campaignId ?? '',
    step: row.step ?? 0,
    intentId: row.intentId ?? '',
    durationMs: BigInt(row.durationMs),
    announcedAt: row.announcedAt?.toISOString() ?? '',
    endedBy: endedByMessage(row.endedBy),
  };
}

/** Undefined where all are meant, as below. A number that is unknown here has been refused at the edge. */
export function stateOf(wire: telephonyV1.CallState): CallState | undefined {
  return (Object.keys(WIRE_STATE) as CallState[]).find((state) => WIRE_STATE[state] === wire);
}

export function outcomeOf(wire: typesV1.Outcome): Outcome | undefined {
  return (Object.keys(WIRE_OUTCOME) as Outcome[]).find((outcome) => WIRE_OUTCOME[outcome] === wire);
}
