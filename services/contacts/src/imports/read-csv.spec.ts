import { describe, expect, it } from '@jest/globals';
import { isDomainError } from '@heed/kernel';
import { openCsv, type CsvRow } from './read-csv.js';

async function* bytes(text: string | Buffer, step = 7): AsyncGenerator<Uint8Array> {
  const all = Buffer.from(text);
  for (let at = 0; at < all.length; at += step) yield all.subarray(at, at + step);
}

async function read(text: string | Buffer): Promise<{ names: string[]; rows: CsvRow[] }> {
  const { header, rows } = await openCsv(bytes(text));
  const read: CsvRow[] = [];
  for await (const row of rows) read.push(row);
  return { names: header.names, rows: read };
}

async function refused(text: string | Buffer): Promise<string> {
  try {
    await read(text);
  } catch (error) {
    if (isDomainError(error)) return error.reason;
    throw error;
  }
  return 'read';
}

describe('a CSV file', () => {
  it('is read with a byte order mark, mixed line ends, quoted commas and line ends, and no end at the end', async () => {
    const text =
      '\uFEFFemail,last_name\r\na@example.org,"Smith, Jr."\nb@example.org,"two\nlines"\r\n\n\rc@example.org,Ünal';
    const { names, rows } = await read(text);
    expect(names).toEqual(['email', 'last_name']);
    expect(rows).toEqual([
      { row: 1, line: 2, cells: ['a@example.org', 'Smith, Jr.'] },
      { row: 2, line: 3, cells: ['b@example.org', 'two\nlines'] },
      { row: 3, line: 7, cells: ['c@example.org', 'Ünal'] },
    ]);
  });

  it.each([
    [',', 'Email, First Name'],
    [';', 'email;first-name'],
    ['\t', 'EMAIL\tfirst_name'],
  ])('may be separated by %j', async (delimiter, head) => {
    const { rows } = await read(`${head}\na@example.org${delimiter}Ana\n`);
    expect(rows[0]?.cells).toEqual(['a@example.org', 'Ana']);
  });

  it('keeps rows that are too short, too long or quoted badly for the reader of rows to judge', async () => {
    const { rows } = await read(
      'email,first_name\na@example.org\nb@example.org,Bo,more\nc@example.org,Jo "Joey" X\n',
    );
    expect(rows.map(({ cells }) => cells)).toEqual([
      ['a@example.org'],
      ['b@example.org', 'Bo', 'more'],
      ['c@example.org', 'Jo "Joey" X'],
    ]);
  });

  it('may begin with empty lines', async () => {
    const { names, rows } = await read('\r\n \nemail;phone\r\na@example.org;\n');
    expect(names).toEqual(['email', 'phone']);
    expect(rows[0]).toEqual({ row: 1, line: 4, cells: ['a@example.org', ''] });
  });

  it('of a header alone has no rows', async () => {
    expect((await read('email,phone')).rows).toEqual([]);
  });

  it.each([
    ['CSV_EMPTY', ''],
    ['CSV_EMPTY', '\n\r\n \n'],
    ['CSV_NO_HEADER', 'ana@example.org,Ana\nbo@example.org,Bo\n'],
    ['CSV_NO_ADDRESS_COLUMN', 'first_name,last_name\nAna,Silva\n'],
    ['CSV_WRONG_DELIMITER', 'email|first_name\na@example.org|Ana\n'],
    ['CSV_COLUMN_TWICE', 'email,Email\na@example.org,b@example.org\n'],
    ['CSV_QUOTE_NOT_CLOSED', 'email,first_name\na@example.org,"Ana\n'],
    ['CSV_ROW_TOO_LONG', `email,first_name\na@example.org,"${'x'.repeat(70_000)}\n`],
    ['CSV_ROW_TOO_LONG', `email,${'x'.repeat(70_000)}`],
    ['CSV_BINARY', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
    ['CSV_BINARY', 'email,first_name\na@example.org,An\u0000a\n'],
    ['CSV_NOT_UTF8', Buffer.from('email,first_name\na@example.org,J\xfcrgen\n', 'latin1')],
  ])('is refused as a whole: %s', async (reason, text) => {
    expect(await refused(text)).toBe(reason);
  });
});
