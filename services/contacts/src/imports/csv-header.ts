import { parse } from 'csv-parse/sync';
import { refusal } from '../errors.js';

/** The columns that are read. Others are left alone, and come back in the file of rejected rows. */
export const COLUMNS = [
  'email',
  'phone',
  'first_name',
  'last_name',
  'country',
  'consent_purpose',
  'consent_channel',
  'consent_basis',
  'consent_at',
  'consent_source',
] as const;
export type Column = (typeof COLUMNS)[number];

export interface Header {
  delimiter: string;
  /** As in the file. */
  names: string[];
  /** Where each known column is. */
  places: Map<Column, number>;
}

const DELIMITERS = [',', ';', '\t'] as const;
/** Seen in files, and not taken: naming it beats "no header". */
const FOREIGN_DELIMITERS = ['|', ':', ' '] as const;
const MOST_COLUMNS = 200;
const LONGEST_NAME = 100;

/** Reads the first line. The delimiter is the one by which it holds the most columns that we know. */
export function readHeader(line: string): Header {
  const found = DELIMITERS.map((delimiter) => headerBy(line, delimiter)).sort(
    (a, b) => b.places.size - a.places.size,
  )[0]!;
  if (found.places.size === 0) {
    if (FOREIGN_DELIMITERS.some((delimiter) => headerBy(line, delimiter).places.size > 1)) {
      throw refusal('CSV_WRONG_DELIMITER');
    }
    throw refusal('CSV_NO_HEADER');
  }
  if (!found.places.has('email') && !found.places.has('phone')) {
    throw refusal('CSV_NO_ADDRESS_COLUMN');
  }
  if (found.names.length > MOST_COLUMNS || found.names.some((name) => name.length > LONGEST_NAME)) {
    throw refusal('CSV_HEADER_TOO_LONG');
  }
  return found;
}

function headerBy(line: string, delimiter: string): Header {
  const names = cellsOf(line, delimiter);
  const places = new Map<Column, number>();
  names.forEach((name, index) => {
    const column = name.toLowerCase().replaceAll(/[\s-]+/g, '_') as Column;
    if (!COLUMNS.includes(column)) return;
    if (places.has(column)) throw refusal('CSV_COLUMN_TWICE');
    places.set(column, index);
  });
  return { delimiter, names, places };
}

function cellsOf(line: string, delimiter: string): string[] {
  try {
    const [cells] = parse(line, { delimiter, relax_quotes: true, trim: true }) as string[][];
    return cells ?? [];
  } catch {
    return [];
  }
}
