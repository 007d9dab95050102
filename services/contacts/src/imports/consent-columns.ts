import { ALL_OUTREACH } from '@heed/contracts';
import { type Channel } from '../contacts/address.js';
import { isBasis, PURPOSE, type Basis } from '../consent/consent.js';
import { type Column } from './csv-header.js';

export interface ImportedConsent {
  channel: Channel;
  purpose: string;
  basis: Basis;
  saidAt: Date;
  /** Where the consent came from, in the file's words. */
  origin: string | undefined;
}

const NEEDED = ['consent_purpose', 'consent_channel', 'consent_basis', 'consent_at'] as const;
const MOST_CONSENTS = 20;
const TIME = /^(\d{4}-\d{2}-\d{2})([T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** All five columns or none: a consent of which nobody can say for what, how and when it was given is none. */
export function readConsents(
  text: Readonly<Record<Column, string>>,
  now: Date,
): { given: ImportedConsent[] } | { columns: Column[] } {
  const stated = NEEDED.filter((column) => text[column] !== '');
  if (stated.length === 0 && text.consent_source === '') return { given: [] };
  const missing = NEEDED.filter((column) => !stated.includes(column));
  if (missing.length > 0) return { columns: missing };

  const purposes = parts(text.consent_purpose);
  const channels = parts(text.consent_channel.toLowerCase()).map(channelOf);
  const basis = text.consent_basis.toLowerCase();
  const saidAt = timeOf(text.consent_at);
  const wrong: Column[] = [];
  if (purposes.length === 0 || !purposes.every(isAgreedTo)) wrong.push('consent_purpose');
  if (channels.length === 0 || channels.includes(undefined)) wrong.push('consent_channel');
  if (purposes.length * channels.length > MOST_CONSENTS) wrong.push('consent_purpose', 'consent_channel');
  if (!isBasis(basis)) wrong.push('consent_basis');
  if (!saidAt || saidAt > now) wrong.push('consent_at');
  if (wrong.length > 0 || !isBasis(basis) || !saidAt) return { columns: [...new Set(wrong)] };

  const origin = text.consent_source || undefined;
  return {
    given: purposes.flatMap((purpose) =>
      channels.flatMap((channel) => (channel ? [{ channel, purpose, basis, saidAt, origin }] : [])),
    ),
  };
}

/** Nobody agrees to everything that they may refuse. */
function isAgreedTo(purpose: string): boolean {
  return PURPOSE.test(purpose) && purpose !== ALL_OUTREACH;
}

function parts(list: string): string[] {
  return [...new Set(list.split(';').map((part) => part.trim()))].filter((part) => part !== '');
}

function channelOf(word: string): Channel | undefined {
  if (word === 'email') return 'email';
  // Address books have the column for the number and call it that.
  return word === 'voice' || word === 'phone' ? 'voice' : undefined;
}

/** A date, or a date and time with its zone (RFC 3339). What Date.parse makes of anything else is a guess. */
function timeOf(text: string): Date | undefined {
  const [, day, time = 'T00:00:00Z'] = TIME.exec(text) ?? [];
  if (day === undefined) return undefined;
  const date = new Date(`${day}${time.replace(' ', 'T')}`);
  // 31 February would be read as 3 March.
  const exists = Number(day.slice(8)) <= daysIn(Number(day.slice(0, 4)), Number(day.slice(5, 7)));
  return exists && !Number.isNaN(date.getTime()) ? date : undefined;
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}
