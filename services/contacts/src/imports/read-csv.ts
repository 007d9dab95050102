import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CsvError, parse, type Info } from 'csv-parse';
import { readHeader, type Header } from './csv-header.js';
import { refusal } from '../errors.js';
import { textOf } from './file-text.js';

/** The longest row, in characters. An opening quote that nobody closed makes the rest of the file one row. */
export const LONGEST_ROW = 64 * 1024;

export interface CsvRow {
  /** Number among the data rows, from 1. */
  row: number;
  /** Line of the file that it begins on, from 1. */
  line: number;
  cells: string[];
}

export interface CsvFile {
  header: Header;
  rows: AsyncIterable<CsvRow>;
}

/** Reads as far as the header. The rows are read as they are asked for: the sender waits meanwhile. */
export async function openCsv(body: AsyncIterable<Uint8Array>): Promise<CsvFile> {
  const text = textOf(body);
  let head = '';
  let line: string | undefined;
  while ((line = firstLineOf(head)) === undefined) {
    const { value, done } = await text.next();
    if (done) break;
    head += value;
    if (head.trimStart().length > LONGEST_ROW && firstLineOf(head) === undefined)
      throw refusal('CSV_ROW_TOO_LONG');
  }
  line ??= head.trim();
  if (line === '') throw refusal('CSV_EMPTY');
  const header = readHeader(line);
  return { header, rows: rowsOf(header, head, text) };
}

/** The first line that is not empty, once it has come as a whole. */
function firstLineOf(head: string): string | undefined {
  return /^\s*(\S[^\r\n]*)[\r\n]/.exec(head)?.[1];
}

async function* rowsOf(header: Header, head: string, text: AsyncGenerator<string>): AsyncGenerator<CsvRow> {
  const parser = parse({
    delimiter: header.delimiter,
    // One file may hold several kinds of line end: it was put together from others.
    record_delimiter: ['\r\n', '\n', '\r'],
    info: true,
    trim: true,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: LONGEST_ROW,
  });
  const source = async function* (): AsyncGenerator<string> {
    yield head;
    yield* text;
  };
  // A fault of either side ends both, and is the one that the loop below throws.
  const flow = pipeline(Readable.from(source()), parser).catch(() => undefined);
  let before: Info | undefined;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: Info }>) {
      // The parser tells the line on which a record ends. The first record is the header.
      if (before) {
        const line = before.lines + (info.empty_lines - before.empty_lines) + 1;
        yield { row: info.records - 1, line, cells: record };
      }
      before = info;
    }
  } catch (error) {
    throw faultOf(error);
  } finally {
    parser.destroy();
    await flow;
  }
}

function faultOf(error: unknown): unknown {
  if (!(error instanceof CsvError)) return error;
  if (error.code === 'CSV_MAX_RECORD_SIZE') return refusal('CSV_ROW_TOO_LONG');
  // The parser's message quotes the row.
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') return refusal('CSV_QUOTE_NOT_CLOSED');
  return refusal('CSV_MALFORMED');
}
