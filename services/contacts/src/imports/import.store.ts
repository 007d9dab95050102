import { type TimeSpan } from '@heed/kernel';
import { type Tx } from '@heed/postgres';
import { type Import, type ImportState } from './import.js';
import { type RowFault } from './import-row.js';

interface ImportRecord {
  import_id: string;
  list_id: string;
  state: ImportState;
  header: string[];
  rows: string;
  merged_through: string;
  accepted: string;
  rejected: Partial<Record<RowFault, number>>;
  created: string;
  updated: string;
  consents: string;
  failure_reason: string | null;
  created_at: Date;
  received_at: Date;
  finished_at: Date | null;
}

export async function insertImport(
  tx: Tx,
  { importId, listId, header }: Pick<Import, 'importId' | 'listId' | 'header'>,
  at: Date,
): Promise<void> {
  await tx.execute(
    `insert into import (tenant_id, import_id, list_id, state, header, created_at, received_at)
     values ($1, $2, $3, 'receiving', $4, $5, $5)`,
    [tx.tenantId, importId, listId, header, at],
  );
}

export async function importById(tx: Tx, importId: string): Promise<Import | undefined> {
  const [record] = await tx.query<ImportRecord>(
    'select * from import where tenant_id = $1 and import_id = $2',
    [tx.tenantId, importId],
  );
  return record && importOf(record);
}

/** The same, held until the transaction ends: its state cannot change meanwhile. */
export async function lockImport(tx: Tx, importId: string): Promise<Import | undefined> {
  const [record] = await tx.query<ImportRecord>(
    'select * from import where tenant_id = $1 and import_id = $2 for update',
    [tx.tenantId, importId],
  );
  return record && importOf(record);
}

export interface ImportFilter {
  listId: string | undefined;
  state: ImportState | undefined;
  created: TimeSpan;
}

/** Newest first. */
export async function importsBefore(
  tx: Tx,
  { listId, state, created }: ImportFilter,
  importId: string | undefined,
  limit: number,
): Promise<Import[]> {
  const records = await tx.query<ImportRecord>(
    `select * from import where tenant_id = $1 and ($2::uuid is null or import_id < $2)
       and ($4::uuid is null or list_id = $4) and ($5::text is null or state = $5)
       and ($6::timestamptz is null or created_at >= $6) and ($7::timestamptz is null or created_at < $7)
     order by import_id desc limit $3`,
    [
      ...[tx.tenantId, importId ?? null, limit, listId ?? null, state ?? null],
      ...[created.from ?? null, created.until ?? null],
    ],
  );
  return records.map(importOf);
}

export async function saveImport(tx: Tx, saved: Import): Promise<void> {
  await tx.execute(
    `update import set state = $3, rows = $4, merged_through = $5, accepted = $6, rejected = $7, created = $8,
       updated = $9, consents = $10, failure_reason = $11, finished_at = $12, received_at = $13
     where tenant_id = $1 and import_id = $2`,
    [
      tx.tenantId,
      saved.importId,
      saved.state,
      saved.rows,
      saved.mergedThrough,
      saved.accepted,
      JSON.stringify(saved.rejected),
      saved.created,
      saved.updated,
      saved.consents,
      saved.failureReason ?? null,
      saved.finishedAt ?? null,
      saved.receivedAt,
    ],
  );
}

function importOf(record: ImportRecord): Import {
  return {
    importId: record.import_id,
    listId: record.list_id,
    state: record.state,
    header: record.header,
    rows: Number(record.rows),
    mergedThrough: Number(record.merged_through),
    accepted: Number(record.accepted),
    rejected: record.rejected,
    created: Number(record.created),
    updated: Number(record.updated),
    consents: Number(record.consents),
    failureReason: record.failure_reason ?? undefined,
    createdAt: record.created_at,
    receivedAt: record.received_at,
    finishedAt: record.finished_at ?? undefined,
  };
}
