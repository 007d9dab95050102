import { type Channel } from '../contacts/address.js';
import { type Profile } from '../contacts/contact.js';

/** Which set of rules judged (permit.store.ts, DECIDING): another set is another version. */
const RULE_VERSION = 'permits-7';

/** Each permit names the rules that it was judged by: ours, and the version of the tenant's own. */
export function ruleVersionOf({ version }: { version: number }): string {
  return `${RULE_VERSION}/${version}`;
}

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

/** What a mail that asks for the confirmation of a sign-up says. */
export const SIGN_UP_FIELDS: readonly string[] = ['form', 'link', 'hours'];

export interface Ask {
  attemptId: string;
  contactId: string;
  channel: Channel;
  purpose: string;
  /** Who would write or call; empty: nobody said. */
  sender: string;
  nonce: Buffer;
  /** Keys of TEMPLATE_FIELDS; of a sign-up, SIGN_UP_FIELDS. */
  fields: readonly string[];
  /** Whether it is asked, too, if the person may be tracked. */
  tracking: boolean;
}

export type DenialReason =
  | 'no_consent'
  | 'opted_out'
  | 'opted_out_of_sender'
  | 'suppressed'
  | 'no_endpoint'
  | 'undeliverable'
  | 'unknown_contact'
  | 'stopped'
  | 'restricted'
  | 'already_issued'
  | 'quarantine'
  | 'too_late'
  | 'frequency_cap'
  | 'outside_hours'
  | 'confirmation_not_due'
  | 'confirmation_too_late'
  | 'not_asked';

/** What a permit gives, as its row was written. */
export interface IssuedPermit {
  permitId: string;
  salt: Buffer;
  endpointId: string;
  endpointHash: Buffer;
  address: string;
  /** Empty where it rests on a contract or a law. */
  consentEntryId: string;
  ruleVersion: string;
  lifetimeMs: number;
  /** A cap counts it. */
  reserves: boolean;
  profile: Profile;
  /** The person agreed to be tracked, and it was asked. */
  mayTrack: boolean;
  /** What the message says beyond what is known of a contact. */
  values?: Readonly<Record<string, string>>;
}

/** Why not. */
export interface Refusal {
  denied: DenialReason;
  /** When the answer may be another; absent where it will not change by itself. */
  retryAfter?: Date | undefined;
  /** The tenant's own rule, where it is one. */
  ownRule?: string | undefined;
}

/** The answer to an ask: exactly one of the two. */
export type Verdict =
  (Refusal & { ask: Ask; issued?: undefined }) | { ask: Ask; denied?: undefined; issued: IssuedPermit };

export function denied(ask: Ask, reason: DenialReason, at: Date): Verdict {
  return { ask, ...refusalFor(reason, at) };
}

/** `at` is when the question was answered: denials of the moment may be asked again from there. */
export function refusalFor(reason: DenialReason, at: Date): Refusal {
  return { denied: reason, ...(isPassing(reason) && { retryAfter: at }) };
}

function isPassing(reason: DenialReason): boolean {
  return reason === 'quarantine' || reason === 'too_late';
}
