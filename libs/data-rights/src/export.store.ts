import { type SubjectTable } from '@heed/data-map';
import { type Statements, type Tx } from '@heed/postgres';
import { columnName, tableName } from './identifiers.js';

export type Row = Record<string, unknown>;

export interface StoredChunk {
  partNo: number;
  chunkNo: number;
  subjectId: string;
  store: string;
  mediaType: string;
  name: string;
  chunk: Buffer;
}

/** Rows about a person as they are handed out, and heed.export_part, where they wait for it. */
export class ExportStore {
  /** The rows of one table in which `column` names one of these people, retained ones left out. */
  async rows(tx: Tx, table: SubjectTable, column: string, subjectIds: readonly string[]): Promise<Row[]> {
    const kept = typeof table.onErasure === 'object' ? ' and retained_under is null' : '';
    return tx.query<Row>(
      `select * from ${tableName(table)}
       where tenant_id = $1 and ${columnName(column)} = any ($2::uuid[])${kept}`,
      [tx.tenantId, subjectIds],
    );
  }

  async countRetained(tx: Tx, table: SubjectTable, subjectIds: readonly string[]): Promise<number> {
    const [row] = await tx.query<{ count: string }>(
      `select count(*) as count from ${tableName(table)}
       where tenant_id = $1 and ${columnName(table.subject)} = any ($2::uuid[]) and retained_under is not null`,
      [tx.tenantId, subjectIds],
    );
    return Number(row?.count ?? 0);
  }

  /** Rows in which one of these people stands, as the first or the second; retained ones left out. */
  async countHeld(tx: Tx, table: SubjectTable, subjectIds: readonly string[]): Promise<number> {
    const kept = typeof table.onErasure === 'object' ? ' and retained_under is null' : '';
    const columns = [table.subject, ...(table.also ? [table.also] : [])].map(
      (column) => `${columnName(column)} = any ($2::uuid[])`,
    );
    const [row] = await tx.query<{ count: string }>(
      `select count(*) as count from ${tableName(table)}
       where tenant_id = $1 and (${columns.join(' or ')})${kept}`,
      [tx.tenantId, subjectIds],
    );
    return Number(row?.count ?? 0);
  }

  async count(tx: Tx, table: SubjectTable, subjectIds: readonly string[]): Promise<number> {
    const [row] = await tx.query<{ count: string }>(
      `select count(*) as count from ${tableName(table)}
       where tenant_id = $1 and ${columnName(table.subject)} = any ($2::uuid[])`,
      [tx.tenantId, subjectIds],
    );
    return Number(row?.count ?? 0);
  }

  /** Columns of the primary key after the tenant's, by table: the first of them is what a seal is bound to. */
  async rowKeys(tx: Statements): Promise<Map<string, string>> {
    const rows = await tx.query<{ table: string; column: string }>(
      `select n.nspname || '.' || c.relname as table, a.attname as column
       from pg_index i
       join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
       join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[1]
       where i.indisprimary and i.indnkeyatts > 1`,
    );
    return new Map(rows.map((row) => [row.table, row.column]));
  }

  async addChunk(tx: Tx, orderId: string, chunk: StoredChunk, expiresAt: Date): Promise<void> {
    await tx.execute(
      `insert into heed.export_part (tenant_id, order_id, part_no, chunk_no, subject_id, store, media_type, name,
         chunk, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        tx.tenantId,
        orderId,
        chunk.partNo,
        chunk.chunkNo,
        chunk.subjectId,
        chunk.store,
        chunk.mediaType,
        chunk.name,
        chunk.chunk,
        expiresAt,
      ],
    );
  }

  /** The next chunks after a place, in order. */
  async chunksAfter(
    tx: Tx,
    orderId: string,
    after: { partNo: number; chunkNo: number },
    limit: number,
  ): Promise<StoredChunk[]> {
    return tx.query<StoredChunk>(
      `select part_no as "partNo", chunk_no as "chunkNo", subject_id as "subjectId", store,
         media_type as "mediaType", name, chunk
       from heed.export_part
       where tenant_id = $1 and order_id = $2 and (part_no, chunk_no) > ($3, $4)
       order by part_no, chunk_no limit $5`,
      [tx.tenantId, orderId, after.partNo, after.chunkNo, limit],
    );
  }

  async isAccessOrder(tx: Tx, orderId: string): Promise<boolean> {
    const rows = await tx.query(
      `select 1 from heed.order_taken where tenant_id = $1 and order_id = $2 and action = 'ACCESS'`,
      [tx.tenantId, orderId],
    );
    return rows.length > 0;
  }

  /** Returns how many parts there were. */
  async destroy(tx: Tx, orderId: string): Promise<number> {
    const [row] = await tx.query<{ parts: string }>(
      `with gone as (delete from heed.export_part where tenant_id = $1 and order_id = $2 returning part_no)
       select count(distinct part_no) as parts from gone`,
      [tx.tenantId, orderId],
    );
    return Number(row?.parts ?? 0);
  }
}
