import { subjectTablesOf, type Manifest } from '@heed/data-map';
import { DomainError } from '@heed/kernel';
import { type Statements } from '@heed/postgres';

/** A table, with its partitions, or a materialised view as it is there, whatever is declared of it. */
export interface SearchedTable {
  /** As findings name it. */
  name: string;
  /** Quoted, to be read. */
  relation: string;
  columns: { name: string; isText: boolean }[];
  /** Columns of the primary key that are ids, numbers or days: what a person finds the row by. */
  key: string[];
  hasTenant: boolean;
  subject: string | undefined;
  retainable: boolean;
  blocks: number;
  bytes: number;
}

/** Rows of a table that are read at once, by where they lie. */
export interface Range {
  from: number;
  to: number;
}

export interface SearchedRow {
  tenantId: string | null;
  /** Null where the table is about nobody, or the row was cut off from its person. */
  living: boolean | null;
  retained: boolean;
  key: Record<string, string>;
  values: (Buffer | null)[];
}

const BLOCK_BYTES = 8_192;

/** A partitioned table is read as one, since its partitions may be read through it alone: the same blocks of all of them. */
const TABLES = `
select c.oid::regclass::text as relation, n.nspname as schema, c.relname as plain, size.blocks, size.bytes,
  has_table_privilege(c.oid, 'select') as readable,
  (select json_agg(json_build_object('name', a.attname, 'type', t.typname, 'element', e.typname, 'category', t.typcategory)
     order by a.attnum)
   from pg_attribute a join pg_type t on t.oid = a.atttypid left join pg_type e on e.oid = t.typelem and t.typcategory = 'A'
   where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
  array(select a.attname::text from pg_index i, unnest(i.indkey) with ordinality k (num, ord)
    join pg_attribute a on a.attrelid = c.oid and a.attnum = k.num
    join pg_type t on t.oid = a.atttypid
    where i.indrelid = c.oid and i.indisprimary and a.attname <> 'tenant_id'
      and t.typname in ('uuid', 'int2', 'int4', 'int8', 'date', 'timestamptz') order by k.ord) as key
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
cross join lateral (
  select coalesce(max(pg_relation_size(part) / ${BLOCK_BYTES}), 0)::int as blocks,
    coalesce(sum(pg_table_size(part)), 0)::float8 as bytes
  from (select c.oid as part where c.relkind <> 'p'
        union all select relid from pg_partition_tree(c.oid) where isleaf and c.relkind = 'p') parts) size
where c.relkind in ('r', 'm', 'p') and not c.relispartition
  and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and n.nspname !~ '^pg_(toast_)?temp'
order by 1`;

/** Types that cannot hold an address, by their category or name; everything else is read. */
const PLAIN_CATEGORIES = new Set(['B', 'D', 'E', 'I', 'N', 'R', 'T']);
const PLAIN_TYPES = new Set(['uuid', 'xid', 'xid8', 'oid', 'pg_snapshot', 'tid', 'char']);

interface TypedColumn {
  name: string;
  type: string;
  element: string | null;
  category: string;
}

interface TableRow {
  relation: string;
  schema: string;
  plain: string;
  blocks: number;
  bytes: number;
  readable: boolean;
  columns: TypedColumn[] | null;
  key: string[];
}

/**
 * Everything that a search by value reads: from the live catalogue and not from the data map, since what nobody declared
 * is what it is for. As role probe, which reads past every policy.
 */
export class SearchedTablesStore {
  constructor(private readonly manifest: Manifest) {}

  async tables(tx: Statements): Promise<SearchedTable[]> {
    const rows = await tx.query<TableRow>(TABLES);
    const hidden = rows.find(({ readable }) => !readable);
    if (hidden) {
      throw new DomainError('TABLE_NOT_READABLE', 'failed-precondition', {
        message: `${hidden.relation} cannot be searched: grant select on it to the role for probes`,
        metadata: { table: hidden.relation },
      });
    }
    const declared = new Map(
      subjectTablesOf(this.manifest).map((table) => [`${table.schema}.${table.table}`, table]),
    );
    return rows
      .map((row): SearchedTable => {
        const about = declared.get(`${row.schema}.${row.plain}`);
        const columns = row.columns ?? [];
        return {
          ...{
            name: row.relation,
            relation: row.relation,
            blocks: row.blocks,
            bytes: row.bytes,
            key: row.key,
          },
          columns: columns.filter(mayHoldText).map(({ name, type }) => ({ name, isText: type !== 'bytea' })),
          hasTenant: columns.some(({ name }) => name === 'tenant_id'),
          subject: about?.subject,
          retainable: columns.some(({ name }) => name === 'retained_under'),
        };
      })
      .filter(({ columns }) => columns.length > 0);
  }

  /** All searched values of some rows in one piece: most pieces hold nothing, and one is looked through faster than many. */
  async piece(tx: Statements, table: SearchedTable, range: Range): Promise<Buffer> {
    const [row] = await tx.query<{ piece: Buffer | null }>(
      `select string_agg(${table.columns.map(bytesOf).join(` || '\\x01'::bytea || `)}, '\\x01'::bytea) as piece
       from ${table.relation} t ${within(range)}`,
    );
    return row?.piece ?? Buffer.alloc(0);
  }

  /** The same rows one by one, with whose they are. */
  async rows(tx: Statements, table: SearchedTable, range: Range): Promise<SearchedRow[]> {
    const { subject } = table;
    const key = table.key.flatMap((name) => [`'${name.replaceAll("'", "''")}'`, `t.${quoted(name)}::text`]);
    const columns = [
      `${table.hasTenant ? 't.tenant_id::text' : 'null::text'} as "tenantId"`,
      subject && table.hasTenant
        ? `case when t.${quoted(subject)} is not null then coalesce((select s.live from heed.subject s
             where s.tenant_id = t.tenant_id and s.subject_id = t.${quoted(subject)}), false) end as living`
        : 'null::boolean as living',
      `${table.retainable ? 't.retained_under is not null' : 'false'} as retained`,
      `jsonb_build_object(${key.join(', ')}) as key`,
      `array[${table.columns.map((column) => `case when t.${quoted(column.name)} is not null then ${bytesOf(column)} end`).join(', ')}] as values`,
    ];
    return tx.query<SearchedRow>(`select ${columns.join(', ')} from ${table.relation} t ${within(range)}`);
  }
}

function mayHoldText({ type, element, category }: TypedColumn): boolean {
  if (element !== null)
    return !PLAIN_TYPES.has(element) && !/^(int|float|bool|numeric|timestamp|date)/.test(element);
  return !PLAIN_CATEGORIES.has(category) && !PLAIN_TYPES.has(type);
}

function bytesOf({ name, isText }: { name: string; isText: boolean }): string {
  return isText
    ? `coalesce(convert_to(t.${quoted(name)}::text, 'UTF8'), ''::bytea)`
    : `coalesce(t.${quoted(name)}, ''::bytea)`;
}

function within({ from, to }: Range): string {
  return `where t.ctid >= '(${from},0)'::tid and t.ctid < '(${to},0)'::tid`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
