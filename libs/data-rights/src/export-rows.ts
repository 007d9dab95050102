import { personalColumnsOf, type ColumnEntry, type SubjectTable } from '@heed/data-map';
import { type Tx } from '@heed/postgres';
import { type Row } from './export.store.js';

/** What opens sealed columns; `Sealing` of @heed/sealing is one. */
export interface Unsealing {
  openMany(
    of: Tx,
    items: readonly { subjectId: string; table: string; row: string; column: string; sealed: Buffer }[],
  ): Promise<(Buffer | undefined)[]>;
}

/** Rows where the person is the one that the row is about: everything but the tenant and other people's ids. */
export async function asHeldByThem(
  tx: Tx,
  table: SubjectTable,
  rows: readonly Row[],
  rowKey: string,
  unsealing: Unsealing,
): Promise<Row[]> {
  const columns = table.columns.filter(({ holds }) => holds !== 'tenant' && holds !== 'also');
  const sealed = columns.filter((column) => column.holds === 'personal' && column.sealed);
  const places = rows.flatMap((row) =>
    sealed
      // Empty: it was kept while no key was to be had, and nothing lies there.
      .filter(({ name }) => row[name] instanceof Buffer && row[name].length > 0)
      .map(({ name }) => ({
        subjectId: String(row[table.subject]),
        table: table.name,
        row: String(row[rowKey]),
        column: name,
        sealed: row[name] as Buffer,
      })),
  );
  const opened = places.length > 0 ? await unsealing.openMany(tx, places) : [];
  const contents = new Map(places.map((place, at) => [`${place.row} ${place.column}`, opened[at]]));
  return rows.map((row) =>
    Object.fromEntries(
      columns.map(({ name }) => {
        const isSealed = sealed.some((column) => column.name === name);
        return [name, readable(isSealed ? contents.get(`${String(row[rowKey])} ${name}`) : row[name])];
      }),
    ),
  );
}

/** Rows where the person is the second one: what is personal there is about somebody else. LAW: GDPR Art. 15(4). */
export function asSecondPerson(table: SubjectTable, rows: readonly Row[]): Row[] {
  const others = new Set([...personalColumnsOf(table), table.subject]);
  const columns = table.columns.filter(
    ({ name, holds }: ColumnEntry) => holds !== 'tenant' && !others.has(name),
  );
  return rows.map((row) => Object.fromEntries(columns.map(({ name }) => [name, readable(row[name])])));
}

/** As JSON can carry it: text where the bytes are text. */
function readable(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'bigint') return value.toString();
  if (!(value instanceof Uint8Array)) return value;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(value);
  } catch {
    return { base64: Buffer.from(value).toString('base64') };
  }
}
