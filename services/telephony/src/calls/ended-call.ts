import { type EndedBy, type Outcome } from './call.js';

/** A call as it ended, with whom it may have to be told to. */
export interface EndedCall {
  callId: string;
  outcome: Outcome;
  reason: string;
  /** Of a conversation. */
  endedBy?: EndedBy | undefined;
  /** Undefined where no campaign asked for it, or its person was erased. */
  asked: Asked | undefined;
}

/** What a campaign is told a call by. */
export interface Asked {
  intentId: string;
  campaignId: string;
  contactId: string;
  deferrals: number;
  traceparent: string | undefined;
}

export const ENDED =
  'call_id, outcome, reason, ended_by, intent_id, campaign_id, contact_id, deferrals, traceparent' as const;

export interface EndedRow {
  call_id: string;
  outcome: Outcome;
  reason: string;
  ended_by: EndedBy | null;
  intent_id: string | null;
  campaign_id: string | null;
  contact_id: string | null;
  deferrals: number;
  traceparent: string | null;
}

export function endedCallOf(row: EndedRow): EndedCall {
  const { call_id: callId, outcome, reason, deferrals } = row;
  const { intent_id: intentId, campaign_id: campaignId, contact_id: contactId } = row;
  const asked =
    intentId !== null && campaignId !== null && contactId !== null
      ? { intentId, campaignId, contactId, deferrals, traceparent: row.traceparent ?? undefined }
      : undefined;
  return { callId, outcome, reason, endedBy: row.ended_by ?? undefined, asked };
}
