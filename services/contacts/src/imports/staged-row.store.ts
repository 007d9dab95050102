import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Tx } from '@heed/postgres';
import { from as copyFrom } from 'pg-copy-streams';
import { type Basis } from '../consent/consent.js';
import { type Channel } from '../contacts/address.js';
import { type RowFault } from './import-row.js';

export interface StagedConsent {
  channel: Channel;
  purpose: string;
  basis: Basis;
  saidAt: string;
  origin: string | undefined;
}

/** A row of a file, read and staged. Hashes are hex. */
export interface Staged {
  row: number;
  line: number;
  /** The id that the person gets if they prove new. */
  contactId: string;
  email: { address: string; hash: string } | undefined;
  phone: { address: string; hash: string } | undefined;
  firstName: string | undefined;
  lastName: string | undefined;
  country: string | undefined;
  consents: StagedConsent[];
  /** Of every address found anywhere in the row. */
  hashes: string[];
  fault: RowFault | undefined;
  faultColumns: string[];
  cells: string[];
}

const COLUMNS = `tenant_id, import_id, row, line, contact_id, email, email_hash, phone, phone_hash, first_name, last_name,
  country, consents, hashes, fault, fault_columns, cells`;

/**
 * COPY: 150,000 rows a second, where `unnest` makes 60,000. As the role for imports, which owns the table, because
 * COPY is refused under row-level security; so here, and nowhere else, the tenant is in the hands of this code.
 */
export async function copyStaged(tx: Tx, importId: string, rows: readonly Staged[]): Promise<void> {
  const sink = tx.client.query(copyFrom(`copy import_row (${COLUMNS}) from stdin`));
  await pipeline(Readable.from([rows.map((row) => copyLine(tx.tenantId, importId, row)).join('')]), sink);
}

function copyLine(tenantId: string, importId: string, staged: Staged): string {
  const values: (string | number | undefined)[] = [
    tenantId,
    importId,
    staged.row,
    staged.line,
    staged.contactId,
    staged.email?.address,
    staged.email?.hash,
    staged.phone?.address,
    staged.phone?.hash,
    staged.firstName,
    staged.lastName,
    staged.country,
    staged.consents.length > 0 ? JSON.stringify(staged.consents) : undefined,
    `{${staged.hashes.join(',')}}`,
    staged.fault,
    staged.fault && staged.faultColumns.join(' '),
    JSON.stringify(staged.cells),
  ];
  return `${values.map(copyText).join('\t')}\n`;
}

/** SPEC: PostgreSQL, COPY, text format. */
function copyText(value: string | number | undefined): string {
  if (value === undefined) return '\\N';
  return String(value).replaceAll(/[\\\t\n\r]/g, (character) => ESCAPES[character]!);
}

const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

interface StagedRecord {
  row: string;
  line: string;
  contact_id: string;
  email: string | null;
  email_hash: string | null;
  phone: string | null;
  phone_hash: string | null;
  first_name: string | null;
  last_name: string | null;
  country: string | null;
  consents: string | null;
  hashes: string[];
  fault: RowFault | null;
  fault_columns: string | null;
  cells: string;
}

export async function stagedAfter(tx: Tx, importId: string, after: number, limit: number): Promise<Staged[]> {
  const records = await tx.query<StagedRecord>(
    'select * from import_row where tenant_id = $1 and import_id = $2 and row > $3 order by row limit $4',
    [tx.tenantId, importId, after, limit],
  );
  return records.map((record) => ({
    row: Number(record.row),
    line: Number(record.line),
    contactId: record.contact_id,
    email: addressOf(record.email, record.email_hash),
    phone: addressOf(record.phone, record.phone_hash),
    firstName: record.first_name ?? undefined,
    lastName: record.last_name ?? undefined,
    country: record.country ?? undefined,
    consents: record.consents === null ? [] : (JSON.parse(record.consents) as StagedConsent[]),
    hashes: record.hashes,
    fault: record.fault ?? undefined,
    faultColumns: record.fault_columns?.split(' ') ?? [],
    cells: JSON.parse(record.cells) as string[],
  }));
}

/**
 * Which of these addresses a good row has that came before `row` in the file. One look into the index for each:
 * `limit` keeps the planner, which knows nothing of a file that came a moment ago, from joining, and `is not distinct
 * from`, which no index serves, from the primary key: it would read all earlier rows for each batch.
 */
export async function addressesBefore(
  tx: Tx,
  importId: string,
  row: number,
  { emails, phones }: { emails: readonly string[]; phones: readonly string[] },
): Promise<Set<string>> {
  const records = await tx.query<{ hash: string }>(
    `select hash from unnest($4::text[]) hash, lateral (
       select from import_row r where r.email_hash = hash and r.row < $3 and r.fault is null
         and r.tenant_id is not distinct from $1 and r.import_id is not distinct from $2 limit 1) earlier
     union all
     select hash from unnest($5::text[]) hash, lateral (
       select from import_row r where r.phone_hash = hash and r.row < $3 and r.fault is null
         and r.tenant_id is not distinct from $1 and r.import_id is not distinct from $2 limit 1) earlier`,
    [tx.tenantId, importId, row, emails, phones],
  );
  return new Set(records.map(({ hash }) => hash));
}

/** Removes some rows of an import that has ended. Returns how many. */
export async function deleteStaged(tx: Tx, importId: string, limit: number): Promise<number> {
  return tx.execute(
    `delete from import_row where tenant_id = $1 and import_id = $2 and row = any (array(
       select row from import_row where tenant_id = $1 and import_id = $2 limit $3))`,
    [tx.tenantId, importId, limit],
  );
}

function addressOf(
  address: string | null,
  hash: string | null,
): { address: string; hash: string } | undefined {
  return address === null || hash === null ? undefined : { address, hash };
}
