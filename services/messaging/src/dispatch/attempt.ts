import { derivedId } from '@heed/kernel';
import { type Issuer } from '@heed/permits';

export type AttemptState = 'queued' | 'deferred' | 'armed' | 'concluded';
export type Outcome = 'sent' | 'skipped' | 'failed' | 'unknown';

/** What was asked for: one contact, one template, once. */
export interface Dispatch {
  attemptId: string;
  /** Empty where no campaign asked for it. */
  intentId: string;
  /** Empty for a single message. */
  campaignId: string;
  /** A contact, or a person of the issuer. */
  contactId: string;
  /** Default: contacts. */
  issuer?: Issuer;
  purpose: string;
  templateId: string;
  /** Of a text of our own; default: English. */
  language?: string;
  try: number;
  step: number;
  /** How often it came back to campaigns before, to wait. */
  deferrals: number;
  /** W3C trace context of the request. */
  traceparent: string | undefined;
}

/** How an attempt ended. `reason` is a code; empty where it was sent. */
export interface Conclusion {
  outcome: Outcome;
  reason: string;
  /** Milliseconds by which the write ended after the permit's end. */
  lateMs: number;
}

/** The same intent gives the same attempt on every machine and after every restore, so a second one collides. */
export function attemptIdOf(intentId: string): string {
  return derivedId(intentId, 'attempt');
}

export const sent = (lateMs: number): Conclusion => ({ outcome: 'sent', reason: '', lateMs });
export const skipped = (reason: string, lateMs = 0): Conclusion => ({ outcome: 'skipped', reason, lateMs });
export const failed = (reason: string, lateMs = 0): Conclusion => ({ outcome: 'failed', reason, lateMs });
export const unknown = (reason: string, lateMs = 0): Conclusion => ({ outcome: 'unknown', reason, lateMs });

/** Nobody can tell, because the database that knew was lost. While it catches up it has told nobody yet. */
export const RESTORED = 'restored';
export const RESTORING = 'restoring';
