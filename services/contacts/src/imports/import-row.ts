import { readEmail, readPhone, type Address, type Channel } from '../contacts/address.js';
import { isBasis, PURPOSE, type Basis } from '../consent/consent.js';
import { type Column, type Header } from './csv-header.js';

/** Why a row is refused. SUPPRESSED rows are counted only: no file says which they were. */
export const ROW_FAULTS = [
  'EMAIL_INVALID',
  'PHONE_INVALID',
  'NO_ADDRESS',
  'DUPLICATE_IN_FILE',
  'CONSENT_INVALID',
  'ROW_MALFORMED',
  'TOO_LONG',
  'SUPPRESSED',
] as const;
export type RowFault = (typeof ROW_FAULTS)[number];

export interface ImportedConsent {
  channel: Channel;
  purpose: string;
  basis: Basis;
  saidAt: Date;
  /** Where the consent came from, in the file's words. */
  origin: string | undefined;
}

export interface GoodRow {
  email: Address | undefined;
  phone: Address | undefined;
  firstName: string | undefined;
  lastName: string | undefined;
  country: string | undefined;
  consents: ImportedConsent[];
}

export interface FaultyRow {
  fault: RowFault;
  /** The columns that are at fault. */
  columns: Column[];
  /** Every address found anywhere in the row: a faulty row of somebody erased must be known as theirs. */
  addresses: Address[];
}

const LONGEST: Record<Column, number> = {
  email: 254,
  phone: 40,
  first_name: 200,
  last_name: 200,
  country: 2,
  consent_purpose: 400,
  consent_channel: 100,
  consent_basis: 40,
  consent_at: 35,
  consent_source: 200,
};
/** Names hold no line ends; whoever writes to people puts them into headers. */
const CONTROL = /\p{Cc}/u;
const MOST_CONSENTS = 20;

/** What a row says, or why it says nothing. `now` is the latest time at which anybody can have agreed. */
export function readRow(header: Header, cells: readonly string[], now: Date): GoodRow | FaultyRow {
  const refuse = (fault: RowFault, ...columns: Column[]): FaultyRow => ({
    fault,
    columns,
    addresses: addressesIn(cells, text('country')),
  });
  const text = (column: Column): string => {
    const place = header.places.get(column);
    return place === undefined ? '' : (cells[place] ?? '').normalize('NFC');
  };

  // Trailing separators are common; a value beyond the last column means that the columns have shifted.
  if (cells.slice(header.names.length).some((cell) => cell !== '')) return refuse('ROW_MALFORMED');
  const columns = [...header.places.keys()];
  const tooLong = columns.filter((column) => text(column).length > LONGEST[column] && column !== 'country');
  if (tooLong.length > 0) return refuse('TOO_LONG', ...tooLong);
  const garbled = columns.filter((column) => CONTROL.test(text(column)));
  if (garbled.length > 0) return refuse('ROW_MALFORMED', ...garbled);

  const country = text('country').toUpperCase();
  if (!/^([A-Z]{2})?$/.test(country)) return refuse('ROW_MALFORMED', 'country');
  const email = text('email') === '' ? undefined : readEmail(text('email'));
  if (text('email') !== '' && !email) return refuse('EMAIL_INVALID', 'email');
  const phone = text('phone') === '' ? undefined : readPhone(text('phone'), country || undefined);
  if (text('phone') !== '' && !phone) return refuse('PHONE_INVALID', 'phone');
  if (!email && !phone) return refuse('NO_ADDRESS', 'email', 'phone');

  const consents = readConsents(text, now);
  if ('columns' in consents) return refuse('CONSENT_INVALID', ...consents.columns);
  return {
    email,
    phone,
    firstName: text('first_name') || undefined,
    lastName: text('last_name') || undefined,
    country: country || undefined,
    consents: consents.given,
  };
}

/** All five columns or none: a consent of which nobody can say for what, how and when it was given is none. */
function readConsents(
  text: (column: Column) => string,
  now: Date,
): { given: ImportedConsent[] } | { columns: Column[] } {
  const needed: Column[] = ['consent_purpose', 'consent_channel', 'consent_basis', 'consent_at'];
  const stated = needed.filter((column) => text(column) !== '');
  if (stated.length === 0 && text('consent_source') === '') return { given: [] };
  const missing = needed.filter((column) => !stated.includes(column));
  if (missing.length > 0) return { columns: missing };

  const purposes = parts(text('consent_purpose'));
  const channels = parts(text('consent_channel').toLowerCase()).map(channelOf);
  const basis = text('consent_basis').toLowerCase();
  const saidAt = timeOf(text('consent_at'));
  const wrong: Column[] = [];
  if (purposes.length === 0 || !purposes.every((purpose) => PURPOSE.test(purpose)))
    wrong.push('consent_purpose');
  if (channels.length === 0 || channels.includes(undefined)) wrong.push('consent_channel');
  if (purposes.length * channels.length > MOST_CONSENTS) wrong.push('consent_purpose', 'consent_channel');
  if (!isBasis(basis)) wrong.push('consent_basis');
  if (!saidAt || saidAt > now) wrong.push('consent_at');
  if (wrong.length > 0 || !isBasis(basis) || !saidAt) return { columns: [...new Set(wrong)] };

  const origin = text('consent_source') || undefined;
  return {
    given: purposes.flatMap((purpose) =>
      channels.flatMap((channel) => (channel ? [{ channel, purpose, basis, saidAt, origin }] : [])),
    ),
  };
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
  const [, day, time = 'T00:00:00Z'] =
    /^(\d{4}-\d{2}-\d{2})([T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/.exec(text) ?? [];
  if (day === undefined) return undefined;
  const date = new Date(`${day}${time.replace(' ', 'T')}`);
  // 31 February is read as 3 March.
  if (Number.isNaN(date.getTime()) || new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10) !== day)
    return undefined;
  return date;
}

function addressesIn(cells: readonly string[], country: string): Address[] {
  const region = /^[A-Za-z]{2}$/.test(country) ? country.toUpperCase() : undefined;
  return cells
    .slice(0, 200)
    .flatMap((cell) => (cell.includes('@') ? emailsIn(cell) : [readPhone(cell, region)]))
    .filter((address) => address !== undefined);
}

/** A cell that is no address may hold one: `Ana <ana@example.org>`, two with a comma between. */
function emailsIn(cell: string): (Address | undefined)[] {
  return cell
    .slice(0, 2_000)
    .split(/[\s<>,;:"'()[\]]+/)
    .filter((part) => part.includes('@'))
    .map(readEmail);
}
