import { privacyV1 } from '@heed/contracts';
import { NIL_UUID } from '@heed/kernel';
import { type ProcessorOrder, type ProcessorState } from './processor.js';
import { type SetProcessor } from './processor.store.js';

const STATES: Record<ProcessorState, privacyV1.ProcessorState> = {
  NOT_TOLD: privacyV1.ProcessorState.PROCESSOR_STATE_NOT_TOLD,
  PENDING: privacyV1.ProcessorState.PROCESSOR_STATE_PENDING,
  IN_PROGRESS: privacyV1.ProcessorState.PROCESSOR_STATE_IN_PROGRESS,
  COMPLETED: privacyV1.ProcessorState.PROCESSOR_STATE_COMPLETED,
  CANCELLED: privacyV1.ProcessorState.PROCESSOR_STATE_CANCELLED,
};

/** NOT_TOLD where it is none. */
export function stateFromWire(state: privacyV1.ProcessorState): ProcessorState {
  return (Object.keys(STATES) as ProcessorState[]).find((name) => STATES[name] === state) ?? 'NOT_TOLD';
}

export function processorMessage({ tenantId, how: _how, ...rest }: SetProcessor): privacyV1.Processor {
  return { ...rest, tenantId: tenantId === NIL_UUID ? '' : tenantId };
}

export function orderMessage(order: ProcessorOrder): privacyV1.ProcessorOrder {
  const { processorOrderId, requestId, store, name, reference, problem, failures, needsPerson } = order;
  return {
    ...{ processorOrderId, requestId, store, name, reference, problem, failures, needsPerson },
    handedOver: BigInt(order.handedOver),
    state: STATES[order.state],
    byHand: order.saidBy === 'PERSON',
    createdAt: order.createdAt.toISOString(),
    toldAt: order.toldAt?.toISOString() ?? '',
    expectedBy: order.expectedBy?.toISOString() ?? '',
    answeredAt: order.answeredAt?.toISOString() ?? '',
  };
}
