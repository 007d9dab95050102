import { messagingV1, typesV1 } from '@heed/contracts';
import { invalidArgument } from '@heed/kernel';
import { WIRE_DELIVERY } from '../bounces/hear-reports.js';
import { WIRE_OUTCOME } from '../dispatch/announce-conclusions.js';
import { type AttemptEntity } from '../dispatch/attempt.entity.js';
import { type AttemptState, type Outcome } from '../dispatch/attempt.js';

const WIRE_STATE: Record<AttemptState, messagingV1.AttemptState> = {
  queued: messagingV1.AttemptState.ATTEMPT_STATE_QUEUED,
  deferred: messagingV1.AttemptState.ATTEMPT_STATE_DEFERRED,
  armed: messagingV1.AttemptState.ATTEMPT_STATE_ARMED,
  concluded: messagingV1.AttemptState.ATTEMPT_STATE_CONCLUDED,
};

export function attemptMessage(row: AttemptEntity): messagingV1.Attempt {
  return {
    attemptId: row.attemptId ?? '',
    intentId: row.intentId ?? '',
    campaignId: row.campaignId ?? '',
    contactId: row.contactId ?? '',
    channel: typesV1.Channel.CHANNEL_EMAIL,
    state: WIRE_STATE[row.state],
    outcome: row.outcome ? WIRE_OUTCOME[row.outcome] : typesV1.Outcome.OUTCOME_UNSPECIFIED,
    reason: row.reason,
    permitId: row.permitId ?? '',
    endpointId: row.endpointId ?? '',
    armedAt: row.armedAt?.toISOString() ?? '',
    concludedAt: row.concludedAt?.toISOString() ?? '',
    lateMs: row.lateMs,
    delivery: row.delivery ? WIRE_DELIVERY[row.delivery] : messagingV1.Delivery.DELIVERY_UNSPECIFIED,
    deliveryCode: row.deliveryCode,
    deliveryAt: row.deliveryAt?.toISOString() ?? '',
    queuedAt: row.queuedAt.toISOString(),
    purpose: row.purpose,
    templateId: row.templateId,
  };
}

/** Undefined where all are meant. */
export function stateOf(wire: messagingV1.AttemptState): AttemptState | undefined {
  if (wire === messagingV1.AttemptState.ATTEMPT_STATE_UNSPECIFIED) return undefined;
  return named(WIRE_STATE, wire, 'state');
}

export function outcomeOf(wire: typesV1.Outcome): Outcome | undefined {
  if (wire === typesV1.Outcome.OUTCOME_UNSPECIFIED) return undefined;
  return named(WIRE_OUTCOME, wire, 'outcome');
}

function named<Name extends string>(names: Record<Name, number>, wire: number, field: string): Name {
  const found = (Object.keys(names) as Name[]).find((name) => names[name] === wire);
  if (!found) throw invalidArgument({ field, reason: 'UNKNOWN' });
  return found;
}
