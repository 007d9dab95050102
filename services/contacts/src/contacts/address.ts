import { domainToASCII } from 'node:url';
import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';

/** How a person is reached. As in the columns of the tables. */
export type Channel = 'email' | 'voice';
export const CHANNELS: readonly Channel[] = ['email', 'voice'];

/** Stored with every keyed hash: when the rules below change, old hashes are still found by the old rules. */
export const NORMALISER_VERSION = 1;

export interface Address {
  channel: Channel;
  /** As it is written to. */
  address: string;
  /** What is hashed: one form for all spellings of one address. */
  canonical: string;
}

/** SPEC: RFC 5321, 4.5.3.1: 64 octets before the @, 254 for the whole path. */
const LONGEST_LOCAL = 64;
const LONGEST_EMAIL = 254;
/** SPEC: RFC 5322, 3.2.3: dot-atom. Quoted local parts are lawful and in practice always a slip. */
const LOCAL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])$/;

/**
 * Undefined for what is no address. The part before the @ is kept as it came, since its owner's server may tell cases
 * apart; no server that matters does, so an opt-out of Ana@ must bind ana@: the canonical form is all in lower case.
 */
export function readEmail(text: string): Address | undefined {
  const trimmed = text.trim();
  const at = trimmed.lastIndexOf('@');
  const local = trimmed.slice(0, at);
  const domain = domainToASCII(trimmed.slice(at + 1)).replace(/\.$/, '');
  if (at < 1 || local.length > LONGEST_LOCAL || !LOCAL.test(local)) return undefined;
  if (!DOMAIN.test(domain) || /\.[0-9]+$/.test(domain)) return undefined;
  const address = `${local}@${domain}`;
  if (address.length > LONGEST_EMAIL) return undefined;
  return { channel: 'email', address, canonical: address.toLowerCase() };
}

/** A national number needs the country that it is dialled in; an international one tells its own. */
export function readPhone(text: string, country: string | undefined): Address | undefined {
  // The parser reads "call me 555..." as a number; what no telephone shows is no number.
  if (text.length > 40 || !/^[\s+0-9().\-/]+$/.test(text)) return undefined;
  const parsed = parsePhoneNumberFromString(text, country as CountryCode | undefined);
  const number = parsed && (parsed.isValid() ? parsed : inPlanOfToday(parsed.number));
  if (!number?.isValid()) return undefined;
  return { channel: 'voice', address: number.number, canonical: number.number };
}

/**
 * Old spellings of numbers that a country has since renumbered, and what each is now; they stand in address books for
 * decades, and one telephone must not count as two people, nor an opt-out from the one miss the other. Only what is no
 * number any more is looked at.
 * - Brazil: a 9 before mobile numbers of eight digits (ANATEL, Resolução 553/2010, done in 2016).
 * - Mexico: no 1 before mobile numbers called from abroad (IFT, Plan Técnico Fundamental de Numeración, 2019).
 */
const RENUMBERED: readonly [old: RegExp, today: string][] = [
  [/^\+55(?<area>\d{2})(?<rest>[6-9]\d{7})$/, '+55$<area>9$<rest>'],
  [/^\+521(?<rest>\d{10})$/, '+52$<rest>'],
];

function inPlanOfToday(number: string): ReturnType<typeof parsePhoneNumberFromString> {
  const plan = RENUMBERED.find(([old]) => old.test(number));
  return plan && parsePhoneNumberFromString(number.replace(...plan));
}

/** Either kind, for looking up what somebody typed. */
export function readAddress(text: string): Address | undefined {
  return text.includes('@') ? readEmail(text) : readPhone(text, undefined);
}

/** `j***@e***.org`, `+4420****0018`: enough to recognise one's own, too little to write to. */
export function masked(channel: Channel, address: string): string {
  if (channel === 'voice') {
    return `${address.slice(0, 5)}****${address.length > 11 ? address.slice(-4) : address.slice(-2)}`;
  }
  const [local = '', domain = ''] = address.split('@');
  const labels = domain.split('.');
  return `${local.slice(0, 1)}***@${domain.slice(0, 1)}***.${labels.at(-1) ?? ''}`;
}
