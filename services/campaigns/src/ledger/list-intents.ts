import { Injectable } from '@nestjs/common';
import { campaignsV1, typesV1 } from '@heed/contracts';
import { timeSpan } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { readPage } from '@heed/rpc';
import { campaignById } from '../campaigns/campaign.store.js';
import { intentsAfter, type IntentRow } from './intent.store.js';
import { type IntentState, type Outcome } from './ledger.js';

const { IntentState: StateCode } = campaignsV1;
const { Outcome: OutcomeCode } = typesV1;

const STATES: Record<IntentState, campaignsV1.IntentState> = {
  planned: StateCode.INTENT_STATE_PLANNED,
  deferred: StateCode.INTENT_STATE_DEFERRED,
  dispatched: StateCode.INTENT_STATE_DISPATCHED,
  concluded: StateCode.INTENT_STATE_CONCLUDED,
};

const OUTCOMES: Record<Outcome, typesV1.Outcome> = {
  sent: OutcomeCode.OUTCOME_SENT,
  skipped: OutcomeCode.OUTCOME_SKIPPED,
  failed: OutcomeCode.OUTCOME_FAILED,
  unknown: OutcomeCode.OUTCOME_UNKNOWN,
};

/** Intents of a campaign in the order of its audience. */
@Injectable()
export class ListIntents {
  constructor(private readonly uow: UnitOfWork) {}

  list(tenantId: string, request: campaignsV1.ListIntentsRequest): Promise<campaignsV1.ListIntentsResponse> {
    const { campaignId, contactId, reason, updatedAfter, updatedBefore } = request;
    const filter = {
      state: keyOf(STATES, request.state),
      outcome: keyOf(OUTCOMES, request.outcome),
      contactId: contactId === '' ? undefined : contactId,
      reason: reason === '' ? undefined : reason,
      updated: timeSpan('updated', updatedAfter, updatedBefore),
    };
    return this.uow.run(tenantId, async (tx) => {
      await campaignById(tx, campaignId);
      const { rows, nextPageToken } = await readPage(
        request,
        { of: (intent: IntentRow) => intent.ordinal, isValid: (text) => /^\d{1,18}$/.test(text) },
        (after, limit) => intentsAfter(tx, campaignId, { ...filter, after: after ?? '0', limit }),
      );
      return { intents: rows.map((row) => messageOf(campaignId, row)), nextPageToken };
    });
  }
}

function messageOf(campaignId: string, row: IntentRow): campaignsV1.Intent {
  return {
    campaignId,
    intentId: row.intentId ?? '',
    contactId: row.contactId ?? '',
    state: STATES[row.state],
    outcome: row.outcome === null ? OutcomeCode.OUTCOME_UNSPECIFIED : OUTCOMES[row.outcome],
    reason: row.reason ?? '',
    step: row.step,
    dueAt: row.dueAt?.toISOString() ?? '',
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** Undefined where the code is unspecified: all. */
function keyOf<Key extends string>(codes: Record<Key, number>, code: number): Key | undefined {
  return (Object.keys(codes) as Key[]).find((key) => codes[key] === code);
}
