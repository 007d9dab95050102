import { campaignsV1, typesV1 } from '@heed/contracts';
import { type IntentRow } from './intent.store.js';
import { type IntentState, type Outcome } from './ledger.js';

const { IntentState: StateCode } = campaignsV1;
const { Outcome: OutcomeCode } = typesV1;

export const STATES: Record<IntentState, campaignsV1.IntentState> = {
  planned: StateCode.INTENT_STATE_PLANNED,
  deferred: StateCode.INTENT_STATE_DEFERRED,
  dispatched: StateCode.INTENT_STATE_DISPATCHED,
  concluded: StateCode.INTENT_STATE_CONCLUDED,
};

export const OUTCOMES: Record<Outcome, typesV1.Outcome> = {
  sent: OutcomeCode.OUTCOME_SENT,
  skipped: OutcomeCode.OUTCOME_SKIPPED,
  failed: OutcomeCode.OUTCOME_FAILED,
  unknown: OutcomeCode.OUTCOME_UNKNOWN,
};

export function messageOf(row: IntentRow): campaignsV1.Intent {
  return {
    campaignId: row.campaignId,
    intentId: row.intentId ?? '',
    contactId: row.contactId ?? '',
    state: STATES[row.state],
    outcome: row.outcome === null ? OutcomeCode.OUTCOME_UNSPECIFIED : OUTCOMES[row.outcome],
    reason: row.reason ?? '',
    step: row.step,
    bouncedAt: row.bouncedAt?.toISOString() ?? '',
    dueAt: row.dueAt?.toISOString() ?? '',
    updatedAt: row.updatedAt.toISOString(),
  };
}
