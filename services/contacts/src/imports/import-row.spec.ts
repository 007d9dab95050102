import { describe, expect, it } from '@jest/globals';
import { COLUMNS, readHeader, type Column } from './csv-header.js';
import { readRow } from './import-row.js';

const header = readHeader(COLUMNS.join(','));
const now = new Date('2026-11-23T09:00:00Z');

function row(cells: Partial<Record<Column, string>>): string[] {
  return COLUMNS.map((column) => cells[column] ?? '');
}
const agreed = {
  consent_purpose: 'newsletter',
  consent_channel: 'email',
  consent_basis: 'consent',
  consent_at: '2025-06-01',
  consent_source: 'web form',
};
const read = (cells: Partial<Record<Column, string>>) => readRow(header, row(cells), now);

describe('a row', () => {
  it('gives a person with addresses, name and country', () => {
    expect(
      read({ email: 'Ana@Example.org', phone: '0151 11234567', first_name: 'Ana', country: 'de' }),
    ).toMatchObject({
      email: { canonical: 'ana@example.org' },
      phone: { address: '+4915111234567' },
      firstName: 'Ana',
      lastName: undefined,
      country: 'DE',
      consents: [],
    });
  });

  it('gives a consent for each purpose and channel that it lists', () => {
    const said = read({
      email: 'a@example.org',
      ...agreed,
      consent_purpose: 'newsletter; offers;newsletter',
      consent_channel: 'email;phone',
      consent_at: '2025-06-01T10:00:00+02:00',
    });
    expect(
      'consents' in said && said.consents.map(({ channel, purpose }) => `${channel} ${purpose}`),
    ).toEqual(['email newsletter', 'voice newsletter', 'email offers', 'voice offers']);
    expect('consents' in said && said.consents[0]).toMatchObject({
      basis: 'consent',
      saidAt: new Date('2025-06-01T08:00:00Z'),
      origin: 'web form',
    });
  });

  it.each([
    [{ consent_purpose: '' }, ['consent_purpose']],
    [{ consent_purpose: 'News Letter' }, ['consent_purpose']],
    [{ consent_channel: 'pigeon' }, ['consent_channel']],
    [{ consent_channel: ';' }, ['consent_channel']],
    [{ consent_basis: 'because' }, ['consent_basis']],
    [{ consent_at: '01.06.2025' }, ['consent_at']],
    [{ consent_at: '2025-02-31' }, ['consent_at']],
    [{ consent_at: '2026-11-24' }, ['consent_at']],
    [{ consent_at: '2025-06-01T10:00:00' }, ['consent_at']],
    [
      { consent_purpose: '', consent_channel: '', consent_basis: '', consent_at: '' },
      ['consent_purpose', 'consent_channel', 'consent_basis', 'consent_at'],
    ],
  ])('is refused for a consent that nobody could show: %j', (part, columns) => {
    expect(read({ email: 'a@example.org', ...agreed, ...part })).toMatchObject({
      fault: 'CONSENT_INVALID',
      columns,
    });
  });

  it.each([
    ['EMAIL_INVALID', { email: 'two@@example.org' }],
    ['PHONE_INVALID', { email: 'a@example.org', phone: '12' }],
    ['PHONE_INVALID', { phone: '0151 11234567' }],
    ['NO_ADDRESS', { first_name: 'Ana' }],
    ['TOO_LONG', { email: 'a@example.org', first_name: 'x'.repeat(201) }],
    ['ROW_MALFORMED', { email: 'a@example.org', first_name: 'Ana\nBcc: eve@example.org' }],
    ['ROW_MALFORMED', { email: 'a@example.org', country: 'Germany' }],
  ])('is refused as %s: %j', (fault, cells) => {
    expect(read(cells)).toMatchObject({ fault });
  });

  it('with a value beyond the last column is refused, with empty cells beyond it is not', () => {
    const cells = row({ email: 'a@example.org' });
    expect(readRow(header, [...cells, '', ''], now)).toMatchObject({ email: { canonical: 'a@example.org' } });
    expect(readRow(header, [...cells, 'more'], now)).toMatchObject({ fault: 'ROW_MALFORMED' });
    expect(readRow(header, cells.slice(0, 3), now)).toMatchObject({ email: { canonical: 'a@example.org' } });
  });

  it('tells of every address in it when it is refused', () => {
    const refused = read({ email: 'Ana <ana@example.org>, bo@example.org', phone: '+447400123456' });
    expect('addresses' in refused && refused.addresses.map(({ canonical }) => canonical)).toEqual([
      'ana@example.org',
      'bo@example.org',
      '+447400123456',
    ]);
  });
});
