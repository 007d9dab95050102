import type pg from 'pg';

/** A table as it is copied: what is generated is made again where it is loaded. */
export interface CopiedTable {
  schema: string;
  name: string;
  columns: string[];
}

export interface CopiedPartition {
  parent: string;
  schema: string;
  name: string;
  bound: string;
}

export interface CopiedSequence {
  schema: string;
  name: string;
  lastValue: string;
}

/** What a database holds beside its schema, which the migrations make. */
export interface Contents {
  tables: CopiedTable[];
  partitions: CopiedPartition[];
  sequences: CopiedSequence[];
}

const OURS = `n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not exists (select 1 from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')`;

/** Values must be written and read in one form, wherever the two servers stand. */
export const ONE_FORM = `set timezone = 'UTC'; set datestyle = 'ISO'; set intervalstyle = 'postgres';
  set extra_float_digits = 1; set bytea_output = 'hex'; set statement_timeout = 0;
  set idle_in_transaction_session_timeout = 0`;

export async function contentsOf(client: pg.Client): Promise<Contents> {
  const tables = await client.query<CopiedTable>(
    // heed.migration is written by the migrations themselves.
    `select n.nspname as schema, c.relname as name,
       (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and not c.relispartition and ${OURS}
       and c.oid <> 'heed.migration'::regclass
     order by 1, 2`,
  );
  const partitions = await client.query<CopiedPartition>(
    `select i.inhparent::regclass::text as parent, n.nspname as schema, c.relname as name,
       pg_get_expr(c.relpartbound, c.oid) as bound
     from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_namespace n on n.oid = c.relnamespace
     where c.relispartition and c.relkind = 'r'
     order by 1, 2, 3`,
  );
  const sequences = await client.query<CopiedSequence>(
    `select schemaname as schema, sequencename as name, last_value::text as "lastValue"
     from pg_sequences where last_value is not null and schemaname !~ '^pg_' order by 1, 2`,
  );
  return { tables: tables.rows, partitions: partitions.rows, sequences: sequences.rows };
}

export interface AppliedMigration {
  source: string;
  name: string;
  checksum: string;
}

export async function migrationsIn(client: pg.Client): Promise<AppliedMigration[]> {
  const { rows } = await client.query<AppliedMigration>(
    'select source, name, checksum from heed.migration order by applied_at, source, name',
  );
  return rows;
}
