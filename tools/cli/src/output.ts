import { type Listed } from './paging.js';

/** Prints for people or, with --json, for programs: one JSON document a line. */
export class Output {
  constructor(private readonly json: boolean) {}

  get isJson(): boolean {
    return this.json;
  }

  /** One thing: `key  value` lines, or JSON. */
  record(value: object): void {
    if (this.json) {
      this.line(toJson(value));
      return;
    }
    const entries = Object.entries(value).filter(([, cell]) => cell !== undefined && cell !== '');
    const width = Math.max(...entries.map(([key]) => key.length));
    for (const [key, cell] of entries) this.line(`${key.padEnd(width)}  ${cellOf(cell)}`);
  }

  /** Many of one kind: a table with the named columns, or a JSON line each. */
  table(rows: readonly object[], columns: readonly string[]): void {
    if (this.json) {
      for (const row of rows) this.line(toJson(row));
      return;
    }
    const cells = rows.map((row) =>
      columns.map((column) => cellOf((row as Record<string, unknown>)[column])),
    );
    const widths = columns.map((column, i) => Math.max(column.length, ...cells.map((row) => row[i]!.length)));
    const printed = (row: readonly string[]): string =>
      row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd();
    this.line(printed(columns));
    for (const row of cells) this.line(printed(row));
    if (rows.length === 0) this.line('(none)');
  }

  /** A list as it was read, page after page: whole as JSON, as named columns for people, and whether there is more. */
  list<T>(
    { rows, more }: Listed<T>,
    as: { json: (row: T) => unknown; row: (row: T) => object; columns: readonly string[] },
  ): void {
    this.table(
      rows.map((row) => (this.json ? (as.json(row) as object) : as.row(row))),
      as.columns,
    );
    // For programs too: silence would pass for the end.
    if (more) this.note('more: ask with a higher --limit');
  }

  /** A step of long work. Nothing with --json: programs read the last line. */
  progress(text: string): void {
    if (this.json) return;
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
    else process.stderr.write(`${text}\n`);
  }

  endProgress(): void {
    if (!this.json && process.stderr.isTTY) process.stderr.write('\n');
  }

  /** For who waits; on stderr, so that what is piped on is what was asked for and nothing else. */
  note(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  /** Between two tables. */
  gap(): void {
    this.text('');
  }

  text(text: string): void {
    if (!this.json) this.line(text);
  }

  private line(text: string): void {
    process.stdout.write(`${text}\n`);
  }
}

function cellOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'object') return toJson(value);
  return String(value);
}

/** 64-bit numbers as decimal text, as in protobuf's JSON; bytes in base64. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, cell: unknown) => {
    if (typeof cell === 'bigint') return cell.toString();
    if (cell instanceof Uint8Array) return Buffer.from(cell).toString('base64');
    return cell;
  });
}
