import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { PHONE_COUNTRIES, phoneNumber } from './phone-numbers.js';
import { Random } from './random.js';

/** Somebody in the example that the story follows. */
export interface Person {
  email: string;
  phone: string;
  firstName: string;
  lastName: string;
}

export interface ExampleFile {
  rows: number;
  /** Rows with a fault that an import must refuse, by the fault. */
  faulty: Record<'EMAIL_INVALID' | 'PHONE_INVALID' | 'DUPLICATE_IN_FILE' | 'NO_ADDRESS', number>;
  /** Will be called, then erased. */
  erased: Person;
  /** Will ask for a copy of what is held. */
  copied: Person;
}

export const PURPOSE = 'newsletter';

const HEADER =
  'email,phone,first_name,last_name,country,consent_purpose,consent_channel,consent_basis,consent_at,consent_source';
const GIVEN = [
  'Ada',
  'Björn',
  'Chidi',
  'Diya',
  'Élodie',
  'Farid',
  'Grace',
  'Hana',
  'Ines',
  'João',
  'Kavya',
  'Lena',
];
const FAMILY = [
  'Okafor',
  'Müller',
  'Silva',
  'Iyer',
  'Smith, Jr.',
  "O'Neill",
  'de la Cruz',
  'Nguyễn',
  'Patel',
  'Novák',
];
/** So many rows have no fault: the first who are written to are the same in every file, however long. */
const SOUND_ROWS = 600;
const BROKEN_EMAILS = [
  'no-at-sign.example.org',
  'two@@example.org',
  'space in@example.org',
  '@example.org',
  'dot.@',
];
const BROKEN_PHONES = ['12', '+99912345', 'call me', '000000'];
/** Consent was given on some day of the three years before this one. Fixed, so that the file is always the same. */
const CONSENT_FROM = Date.UTC(2023, 0, 1);
const DAY_MS = 24 * 3600 * 1000;

/**
 * Writes a CSV as they come from real address books: a byte order mark, two kinds of line end, quoted commas, phone
 * numbers of five countries in national and international form, duplicates, broken addresses, and one row in twelve
 * without consent.
 */
export async function writeExample(path: string, rows: number): Promise<ExampleFile> {
  const random = new Random(20_261_123);
  const file = createWriteStream(path);
  const faulty: ExampleFile['faulty'] = {
    EMAIL_INVALID: 0,
    PHONE_INVALID: 0,
    DUPLICATE_IN_FILE: 0,
    NO_ADDRESS: 0,
  };
  file.write(`\uFEFF${HEADER}\r\n`);
  const erased = person('Erna', 'Verschwindt', 'erna.verschwindt@example.org', '+4915112345678');
  const copied = person('Carlos', 'Copiado', 'carlos.copiado@example.net', '+5511987654321');
  file.write(line(erased, 'DE', consent(random, 'email;voice'), '\n'));
  file.write(line(copied, 'BR', consent(random, 'email;voice'), '\r\n'));
  let previous = copied;
  for (let row = 2; row < rows; row++) {
    const country = random.pick(PHONE_COUNTRIES);
    const next = person(random.pick(GIVEN), random.pick(FAMILY), `person${row}@example.org`, '');
    if (random.below(10) < 7) next.phone = phoneNumber(random, country).written;
    // Some of the first may be called as well.
    const channels = next.phone && row < SOUND_ROWS ? 'email;voice' : 'email';
    const agreed = random.below(12) > 0 ? consent(random, channels) : ',,,,';
    const fate = random.below(1000);
    let written = next;
    if (row > SOUND_ROWS && fate < 12) {
      written = { ...next, email: random.pick(BROKEN_EMAILS), phone: '' };
      faulty.EMAIL_INVALID++;
    } else if (row > SOUND_ROWS && fate < 16) {
      written = { ...next, email: '', phone: random.pick(BROKEN_PHONES) };
      faulty.PHONE_INVALID++;
    } else if (row > SOUND_ROWS && fate < 26) {
      written = { ...previous, email: previous.email.toUpperCase(), phone: '' };
      faulty.DUPLICATE_IN_FILE++;
    } else if (row > SOUND_ROWS && fate < 28) {
      written = { ...next, email: '', phone: '' };
      faulty.NO_ADDRESS++;
    } else {
      previous = next;
    }
    const end = row === rows - 1 ? '' : random.below(3) === 0 ? '\r\n' : '\n';
    if (!file.write(line(written, country, agreed, end))) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
  return { rows, faulty, erased, copied };
}

/** A second file, of three rows, with a person in it who may not come back. */
export async function writeReturning(path: string, returning: Person): Promise<number> {
  const random = new Random(8058);
  const file = createWriteStream(path);
  file.write(`${HEADER}\n`);
  file.write(line(person('Nia', 'Neu', 'nia.neu@example.org', ''), 'GB', consent(random, 'email'), '\n'));
  file.write(line({ ...returning, phone: '' }, 'DE', consent(random, 'email'), '\n'));
  file.write(line(person('Omar', 'Otro', 'omar.otro@example.org', ''), 'US', consent(random, 'email'), '\n'));
  file.end();
  await once(file, 'close');
  return 3;
}

function person(firstName: string, lastName: string, email: string, phone: string): Person {
  return { firstName, lastName, email, phone };
}

function consent(random: Random, channels: string): string {
  const at = new Date(CONSENT_FROM + random.below(1000) * DAY_MS).toISOString();
  return `${PURPOSE},${channels},consent,${at},web form`;
}

function line(who: Person, country: string, agreed: string, end: string): string {
  const cells = [who.email, who.phone, who.firstName, who.lastName, country].map(quoted);
  return `${cells.join(',')},${agreed}${end}`;
}

function quoted(cell: string): string {
  return /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
