import { personalColumnsOf, type SubjectTable } from '@heed/data-map';
import { type Tx } from '@heed/postgres';
import { columnName, tableName } from './identifiers.js';

/** How many rows of a table each subject had. */
export type Counts = Map<string, number>;

/** Set-based erasure of one table: one statement whatever the number of subjects and rows. */
export class ErasureStore {
  deleteRows(tx: Tx, table: SubjectTable, subjectIds: readonly string[]): Promise<Counts> {
    const subject = columnName(table.subject);
    return this.counted(
      tx,
      `delete from ${tableName(table)} where tenant_id = $1 and ${subject} = any ($2::uuid[]) returning ${subject} as id`,
      subjectIds,
    );
  }

  /** Empties the person, what is personal, and the ids that events carry. */
  anonymiseRows(tx: Tx, table: SubjectTable, subjectIds: readonly string[]): Promise<Counts> {
    const subject = columnName(table.subject);
    const emptied = [...new Set([table.subject, ...personalColumnsOf(table), ...table.cut])];
    return this.counted(
      tx,
      `update ${tableName(table)} set ${emptied.map((name) => `${columnName(name)} = null`).join(', ')}
       where tenant_id = $1 and ${subject} = any ($2::uuid[]) returning old.${subject} as id`,
      subjectIds,
    );
  }

  /** Marks as retained, those included that are marked already: the answer counts what stays. */
  retainRows(tx: Tx, table: SubjectTable, subjectIds: readonly string[], ground: string): Promise<Counts> {
    const subject = columnName(table.subject);
    return this.counted(
      tx,
      `update ${tableName(table)} set retained_under = coalesce(retained_under, $3)
       where tenant_id = $1 and ${subject} = any ($2::uuid[]) returning ${subject} as id`,
      subjectIds,
      ground,
    );
  }

  /** Cuts off a second person, whose erasure leaves the row to the first. */
  detachRows(tx: Tx, table: SubjectTable, also: string, subjectIds: readonly string[]): Promise<Counts> {
    const column = columnName(also);
    return this.counted(
      tx,
      `update ${tableName(table)} set ${column} = null
       where tenant_id = $1 and ${column} = any ($2::uuid[]) returning old.${column} as id`,
      subjectIds,
    );
  }

  /** Notes until when the rows stay, and returns it: rows that were retained before keep their time. */
  async addRetention(
    tx: Tx,
    table: SubjectTable,
    subjectIds: readonly string[],
    ground: string,
    until: Date,
  ): Promise<Map<string, Date>> {
    if (subjectIds.length === 0) return new Map();
    const rows = await tx.query<{ id: string; until: Date }>(
      `insert into heed.retention as kept (tenant_id, subject_id, store, ground, until)
       select $1, id, $3, $4, $5 from unnest($2::uuid[]) id
       on conflict (tenant_id, subject_id, store) do update set until = kept.until
       returning subject_id as id, until`,
      [tx.tenantId, subjectIds, table.name, ground, until],
    );
    return new Map(rows.map((row) => [row.id, row.until]));
  }

  private async counted(
    tx: Tx,
    statement: string,
    ids: readonly string[],
    ...rest: unknown[]
  ): Promise<Counts> {
    const rows = await tx.query<{ id: string; count: string }>(
      `with touched as (${statement}) select id, count(*) as count from touched group by id`,
      [tx.tenantId, ids, ...rest],
    );
    return new Map(rows.map((row) => [row.id, Number(row.count)]));
  }
}
