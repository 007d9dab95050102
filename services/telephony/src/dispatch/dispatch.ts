import { derivedId } from '@heed/kernel';

/** What a campaign asked for: one call to one contact. */
export interface Dispatch {
  callId: string;
  intentId: string;
  campaignId: string;
  step: number;
  contactId: string;
  purpose: string;
  /** The script that is said. */
  templateId: string;
  deferrals: number;
  /** W3C trace context of the request. */
  traceparent: string | undefined;
}

/** The same intent gives the same call on every machine and after every restore, so a second one collides. */
export function callIdOf(intentId: string): string {
  return derivedId(intentId, 'call');
}
