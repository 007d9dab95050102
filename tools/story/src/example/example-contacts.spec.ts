import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { parsePhoneNumber } from 'libphonenumber-js/max';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeExample } from './example-contacts.js';
import { PHONE_COUNTRIES, phoneNumber } from './phone-numbers.js';
import { Random } from './random.js';

describe('the example file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'heed-example-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('has the faults of real files, counts them, and is the same at every run', async () => {
    const [first, second] = [join(folder, 'a.csv'), join(folder, 'b.csv')];
    const example = await writeExample(first, 3000);
    await writeExample(second, 3000);
    const text = readFileSync(first, 'utf8');
    expect(readFileSync(second, 'utf8')).toBe(text);
    expect(text.startsWith('\uFEFF')).toBe(true);
    expect(text).toMatch(/[^\r]\n/);
    expect(text).toContain('\r\n');
    expect(text).toContain('"Smith, Jr."');

    const rows = parse(text, { bom: true, columns: true, record_delimiter: ['\r\n', '\n'] }) as {
      email: string;
    }[];
    expect(rows).toHaveLength(example.rows);
    const seen = new Set<string>();
    const again = rows.filter(({ email }) => email && seen.size === seen.add(email.toLowerCase()).size);
    // Broken addresses come again as well; they are refused for what they are.
    expect(again.filter(({ email }) => /^PERSON/.test(email))).toHaveLength(example.faulty.DUPLICATE_IN_FILE);
    expect(Math.min(...Object.values(example.faulty))).toBeGreaterThan(0);
    for (const { phone } of [example.erased, example.copied])
      expect(parsePhoneNumber(phone).isValid()).toBe(true);
  });

  it('writes phone numbers that are valid in their country', () => {
    const random = new Random(1);
    for (const country of PHONE_COUNTRIES) {
      for (let i = 0; i < 200; i++) {
        const { written, e164 } = phoneNumber(random, country);
        const read = parsePhoneNumber(written, country as 'US');
        expect([read.number, read.isValid()]).toEqual([e164, true]);
      }
    }
  });
});
