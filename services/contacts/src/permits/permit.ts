import { type Channel } from '../contacts/address.js';
import { type Profile } from '../contacts/contact.js';

/** Which set of rules judged (permit.store.ts, DECIDING): another set is another version. Each permit names it. */
export const RULE_VERSION = 'permits-2';

/** How long a permit lives, counted by the sender from the moment of its question. The promise of I2 is one of these. */
export const LIFETIME_MS = 1_000;

/** With less than this left of the sender's time the answer would only burden both sides (ATTACKS 2.13). */
export const LEAST_REMAINING_MS = 150;

/** Fields of a contact that a template may ask for. */
export const TEMPLATE_FIELDS: Readonly<Record<string, keyof Profile>> = {
  first_name: 'firstName',
  last_name: 'lastName',
  country: 'country',
};

export interface Ask {
  attemptId: string;
  contactId: string;
  channel: Channel;
  purpose: string;
  nonce: Buffer;
  /** Keys of TEMPLATE_FIELDS. */
  fields: readonly string[];
}

export type DenialReason =
  | 'no_consent'
  | 'opted_out'
  | 'suppressed'
  | 'no_endpoint'
  | 'undeliverable'
  | 'unknown_contact'
  | 'stopped'
  | 'already_issued'
  | 'quarantine'
  | 'too_late';

/** What a permit gives, as its row was written. */
export interface IssuedPermit {
  permitId: string;
  salt: Buffer;
  endpointId: string;
  endpointHash: Buffer;
  address: string;
  consentEntryId: string;
  profile: Profile;
}

/** The answer to an ask: exactly one of the two. */
export type Verdict =
  | { ask: Ask; denied: DenialReason; issued?: undefined }
  | { ask: Ask; denied?: undefined; issued: IssuedPermit };

export function denied(ask: Ask, reason: DenialReason): Verdict {
  return { ask, denied: reason };
}

/** Denials of the moment: the same question may be answered otherwise a little later. */
export function isPassing(reason: DenialReason): boolean {
  return reason === 'quarantine' || reason === 'too_late';
}
