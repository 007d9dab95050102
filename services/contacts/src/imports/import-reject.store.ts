import { type Tx } from '@heed/postgres';
import { type RowFault } from './import-row.js';

export interface Reject {
  row: number;
  line: number;
  contactId: string;
  reason: RowFault;
  columns: string[];
  hashes: string[];
  cells: string[];
}

export async function insertRejects(
  tx: Tx,
  importId: string,
  rejects: readonly Reject[],
  at: Date,
): Promise<void> {
  if (rejects.length === 0) return;
  await tx.execute(
    `insert into import_reject (tenant_id, import_id, at, row, line, contact_id, reason, columns, hashes, cells)
     select $1, $2, $3, r.row, r.line, r.contact_id, r.reason, r.columns, string_to_array(r.hashes, ' '), r.cells
     from unnest($4::bigint[], $5::bigint[], $6::uuid[], $7::text[], $8::text[], $9::text[], $10::text[])
       as r (row, line, contact_id, reason, columns, hashes, cells)`,
    [
      tx.tenantId,
      importId,
      at,
      rejects.map((reject) => reject.row),
      rejects.map((reject) => reject.line),
      rejects.map((reject) => reject.contactId),
      rejects.map((reject) => reject.reason),
      rejects.map((reject) => reject.columns.join(' ')),
      rejects.map((reject) => reject.hashes.join(' ')),
      rejects.map((reject) => JSON.stringify(reject.cells)),
    ],
  );
}

export async function rejectsAfter(
  tx: Tx,
  importId: string,
  after: number,
  limit: number,
): Promise<Pick<Reject, 'row' | 'line' | 'reason' | 'columns' | 'cells'>[]> {
  const records = await tx.query<{
    row: string;
    line: string;
    reason: RowFault;
    columns: string;
    cells: string;
  }>(
    `select row, line, reason, columns, cells from import_reject
     where tenant_id = $1 and import_id = $2 and row > $3 order by row limit $4`,
    [tx.tenantId, importId, after, limit],
  );
  return records.map((record) => ({
    row: Number(record.row),
    line: Number(record.line),
    reason: record.reason,
    columns: record.columns === '' ? [] : record.columns.split(' '),
    cells: JSON.parse(record.cells) as string[],
  }));
}

/** Their time is over. A refused row is rare: all of an import go at once. True: a hold keeps some of them. */
export async function deleteRejects(tx: Tx, importId: string): Promise<boolean> {
  const of = [tx.tenantId, importId];
  await tx.execute(
    'delete from import_reject where tenant_id = $1 and import_id = $2 and not heed.is_held(tenant_id, contact_id)',
    of,
  );
  const kept = await tx.query(
    'select 1 from import_reject where tenant_id = $1 and import_id = $2 limit 1',
    of,
  );
  return kept.length > 0;
}
