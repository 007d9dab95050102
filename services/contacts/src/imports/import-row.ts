import { readEmail, readPhone, type Address } from '../contacts/address.js';
import { readConsents, type ImportedConsent } from './consent-columns.js';
import { COLUMNS, type Column, type Header } from './csv-header.js';

/** Why a row is refused. SUPPRESSED rows are counted only: no file says which they were. */
export const ROW_FAULTS = [
  'EMAIL_INVALID',
  'PHONE_INVALID',
  'NO_ADDRESS',
  'DUPLICATE_IN_FILE',
  'CONSENT_INVALID',
  'ROW_MALFORMED',
  'TOO_LONG',
  'RESTRICTED',
  'SUPPRESSED',
] as const;
export type RowFault = (typeof ROW_FAULTS)[number];

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
  country: 40,
  consent_purpose: 400,
  consent_channel: 100,
  consent_basis: 40,
  consent_at: 35,
  consent_source: 200,
};
/** Names hold no line ends; whoever writes to people puts them into headers. */
const CONTROL = /\p{Cc}/u;
const NO_TEXTS = Object.fromEntries(COLUMNS.map((column) => [column, ''])) as Record<Column, string>;

/** What a row says, or why it says nothing. `now` is the latest time at which anybody can have agreed. */
export function readRow(header: Header, cells: readonly string[], now: Date): GoodRow | FaultyRow {
  const text = textsOf(header, cells);
  const refuse = (fault: RowFault, ...columns: Column[]): FaultyRow => ({
    fault,
    columns,
    addresses: addressesIn(cells, text.country),
  });

  // Trailing separators are common; a value beyond the last column means that the columns have shifted.
  if (cells.slice(header.names.length).some((cell) => cell !== '')) return refuse('ROW_MALFORMED');
  const tooLong = COLUMNS.filter((column) => text[column].length > LONGEST[column]);
  if (tooLong.length > 0) return refuse('TOO_LONG', ...tooLong);
  const garbled = COLUMNS.filter((column) => CONTROL.test(text[column]));
  if (garbled.length > 0) return refuse('ROW_MALFORMED', ...garbled);

  const country = text.country.toUpperCase();
  if (!/^([A-Z]{2})?$/.test(country)) return refuse('ROW_MALFORMED', 'country');
  const email = text.email === '' ? undefined : readEmail(text.email);
  if (text.email !== '' && !email) return refuse('EMAIL_INVALID', 'email');
  const phone = text.phone === '' ? undefined : readPhone(text.phone, country || undefined);
  if (text.phone !== '' && !phone) return refuse('PHONE_INVALID', 'phone');
  if (!email && !phone) return refuse('NO_ADDRESS', 'email', 'phone');

  const consents = readConsents(text, now);
  if ('columns' in consents) return refuse('CONSENT_INVALID', ...consents.columns);
  return {
    ...{ email, phone, country: country || undefined, consents: consents.given },
    firstName: text.first_name || undefined,
    lastName: text.last_name || undefined,
  };
}

function textsOf(header: Header, cells: readonly string[]): Record<Column, string> {
  const texts = { ...NO_TEXTS };
  for (const [column, place] of header.places) texts[column] = (cells[place] ?? '').normalize('NFC');
  return texts;
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
