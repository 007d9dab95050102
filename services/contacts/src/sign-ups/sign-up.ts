import { sha256 } from '@heed/kernel';
import { type Address } from '../contacts/address.js';

/** Somebody who typed an address into a form, and is asked there whether it was them. */
export interface SignUp {
  signUpId: string;
  /** Whoever they become. */
  contactId: string;
  signUpFormId: string;
  endpointHash: Buffer;
  sealed: Buffer;
  wordingVersion: number;
  attemptId: string;
  mails: number;
  mailedAt: Date;
  signedUpAt: Date;
  expiresAt: Date;
}

/** What is sealed of it. */
export interface Typed {
  email: string;
  firstName: string;
  lastName: string;
  /** Where it was sent from: a block of addresses, not one. */
  network: string;
  userAgent: string;
  /** Page that sent it; empty: none that a browser told of. */
  origin: string;
  /** What they were shown. */
  wording: string;
}

const MINUTE_MS = 60_000;
/** How long it can be confirmed, and is kept. */
export const CONFIRMED_WITHIN_MS = 48 * 60 * MINUTE_MS;
/** An address is sent one mail in this time, whatever forms it is typed into. */
export const ONE_MAIL_WITHIN_MS = 10 * MINUTE_MS;
/** And so many while a sign-up is kept: by one form, and by all forms of the tenant. */
export const MOST_MAILS_BY_FORM = 3;
export const MOST_MAILS = 5;

export const SIGN_UPS = 'sign-ups';

export const placeOfSignUp = (signUpId: string) => ({ table: 'sign_up', row: signUpId, column: 'sealed' });

/** Whether another mail may go to an address that these sign-ups were made with. */
export function mayMail(
  pending: readonly Pick<SignUp, 'signUpFormId' | 'mails' | 'mailedAt'>[],
  signUpFormId: string,
  at: Date,
): boolean {
  const mails = pending.reduce((sum, each) => sum + each.mails, 0);
  const byForm = pending.find((each) => each.signUpFormId === signUpFormId)?.mails ?? 0;
  const lately = pending.some(({ mailedAt }) => at.getTime() - mailedAt.getTime() < ONE_MAIL_WITHIN_MS);
  return !lately && byForm < MOST_MAILS_BY_FORM && mails < MOST_MAILS;
}

/** Who confirms: the one contact that has the address, or somebody new. Of several nobody can tell which it was. */
export function whoConfirms(owners: readonly { contactId: string }[], newcomer: string): string {
  const known = new Set(owners.map(({ contactId }) => contactId));
  return known.size === 1 ? [...known][0]! : newcomer;
}

export interface Received {
  address: Address;
  typed: Omit<Typed, 'email'>;
  /** Version of the words that they saw. */
  wordingVersion: number;
}

/** Stands for the address, which is forgotten where nobody confirms: what others keep must not lead to it. */
export function nameOfAsked(contactId: string): Buffer {
  return Buffer.concat([Buffer.alloc(2), sha256(Buffer.from(`sign-up ${contactId}`))]);
}
