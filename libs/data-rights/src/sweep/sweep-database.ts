import { type Clock } from '@heed/kernel';
import { type ObjectStore } from '@heed/objects';
import { type UnitOfWork } from '@heed/postgres';
import { FindNeedles } from './find-needles.js';
import { type Needle } from './needle-forms.js';
import {
  type Range,
  type SearchedRow,
  type SearchedTable,
  type SearchedTablesStore,
} from './searched-tables.store.js';

/** Something of somebody who was erased, where it was found. Never what it is. */
export interface Hit {
  needle: number;
  /** `import_reject`, or `objects`. */
  store: string;
  /** Column, or how an object is named. */
  column: string;
  /** What the row is found by: ids and numbers. */
  key: string;
  /** Somebody who lives stands there, or has the same address. */
  living: boolean;
}

export interface Swept {
  columns: number;
  objects: number;
  hits: Hit[];
}

export interface SweepParts {
  work: UnitOfWork;
  tables: SearchedTablesStore;
  objects: ObjectStore;
  clock: Clock;
  /** Between two pieces, so that whoever is served meanwhile waits for one piece at most. */
  pauseMs: number;
  /** Ends it between two pieces. */
  signal: AbortSignal;
}

/** What is read at once: looked through within some milliseconds. */
const PIECE_BYTES = 64 * 1024;
/** So many times as long as it worked it rests: whoever is served meanwhile has most of the machine. */
const REST = 3;
const MOST_BLOCKS = 512;
const STATEMENT_MS = 10_000;
/** More of one needle in one store tell a person nothing new. */
const MOST_HITS = 20;

/**
 * Searches every text, json and bytea column of every table of every schema, and the names of all objects, for many people
 * at once. Read-only, in pieces, each a short transaction of its own: nothing is held while it goes on.
 */
export async function sweepDatabase(parts: SweepParts, needles: readonly Needle[]): Promise<Swept> {
  const swept: Swept = { columns: 0, objects: 0, hits: [] };
  if (needles.length === 0) return swept;
  const find = new FindNeedles(needles);
  const taken = new Map<string, number>();
  const take = (hit: Hit): void => {
    const place = `${hit.needle} ${hit.store}`;
    const count = (taken.get(place) ?? 0) + 1;
    taken.set(place, count);
    if (count <= MOST_HITS) swept.hits.push(hit);
  };
  const tables = await parts.work.runAcross('probe', (tx) => parts.tables.tables(tx));
  swept.columns = new Set(
    tables.flatMap(({ name, columns }) => columns.map((column) => `${name} ${column.name}`)),
  ).size;
  for (const table of tables) {
    for (const range of rangesOf(table)) {
      parts.signal.throwIfAborted();
      const begun = parts.clock.monotonicMs();
      for (const hit of await inPiece(parts, find, needles, table, range)) take(hit);
      if (parts.pauseMs > 0) {
        const rest = Math.max(parts.pauseMs, REST * (parts.clock.monotonicMs() - begun));
        await parts.clock.wait(rest, parts.signal);
      }
    }
  }
  for await (const { key } of parts.objects.list('')) {
    swept.objects += 1;
    for (const needle of find.in(Buffer.from(key), true)) {
      const { living } = needles[needle]!;
      take({ needle, store: 'objects', column: 'name', key, living });
    }
  }
  return swept;
}

async function inPiece(
  { work, tables }: SweepParts,
  find: FindNeedles,
  needles: readonly Needle[],
  table: SearchedTable,
  range: Range,
): Promise<Hit[]> {
  const limits = { timeoutMs: STATEMENT_MS };
  const piece = await work.runAcross('probe', (tx) => tables.piece(tx, table, range), limits);
  if (find.in(piece, false).size === 0) return [];
  const rows = await work.runAcross('probe', (tx) => tables.rows(tx, table, range), limits);
  return rows.flatMap((row) => inRow(find, needles, table, row));
}

/** What a ground retains is out of everybody's reach and named already. */
function inRow(find: FindNeedles, needles: readonly Needle[], table: SearchedTable, row: SearchedRow): Hit[] {
  if (row.retained) return [];
  return table.columns.flatMap((column, at) => {
    const value = row.values[at];
    if (!value) return [];
    return [...find.in(value, column.isText)].flatMap((needle): Hit[] => {
      const { tenantId, living } = needles[needle]!;
      // Another customer's person, who asked them for nothing.
      if (row.tenantId !== null && row.tenantId !== tenantId) return [];
      return [
        {
          ...{ needle, store: table.name, column: column.name, key: JSON.stringify(row.key) },
          living: row.living ?? living,
        },
      ];
    });
  });
}

/** As many blocks at a time as make a piece, large values beside the table included. */
function* rangesOf({ blocks, bytes }: SearchedTable): Generator<Range> {
  const each = Math.max(1, bytes / Math.max(1, blocks));
  const step = Math.max(1, Math.min(MOST_BLOCKS, Math.floor(PIECE_BYTES / each)));
  for (let from = 0; from < blocks; from += step) {
    // The last goes on to whatever the table has grown by since.
    yield { from, to: from + step >= blocks ? 4_294_967_295 : from + step };
  }
}
