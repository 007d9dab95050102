/** Anything that runs a query: a client or a pool of `pg`. */
export interface CatalogueClient {
  query(sql: string, params?: unknown[]): Promise<{ rows: unknown[] }>;
}

export interface LiveColumn {
  name: string;
  type: string;
  notNull: boolean;
  /** PostgreSQL is told to keep no statistics of it. */
  withoutStatistics: boolean;
  /** Values of it lie in pg_stats, as far as this role may see. */
  valuesKept: boolean;
  generated: boolean;
}

export interface LivePolicy {
  name: string;
  permissive: boolean;
  command: string;
  roles: string[];
  using: string | null;
  check: string | null;
}

export interface LiveForeignKey {
  name: string;
  columns: string[];
  /** schema.table */
  references: string;
  referencedColumns: string[];
  deferrable: boolean;
  /** Validated, enforced, and with all its triggers switched on. */
  enforced: boolean;
}

export interface LiveIndex {
  name: string;
  unique: boolean;
  partial: boolean;
  valid: boolean;
  /** In order; null stands for an expression. */
  columns: (string | null)[];
  /** Columns that its expressions read, where PostgreSQL keeps statistics of those. */
  expressionStatisticsOf: string[];
}

/** A table, view, materialized or foreign table of any schema that is not PostgreSQL's own. */
export interface LiveRelation {
  schema: string;
  table: string;
  /** pg_class.relkind: r table, p partitioned, v view, m materialized view, f foreign table. */
  kind: string;
  /** schema.table of the outermost parent, for a partition. */
  partitionOf: string | null;
  owner: string;
  /** The extension that brought it, where one did: a job queue may be one. */
  extension: string | null;
  rowSecurity: boolean;
  forced: boolean;
  securityInvoker: boolean;
  /** Roles besides the owner that may do something with it. */
  grantees: string[];
  columns: LiveColumn[];
  policies: LivePolicy[];
  foreignKeys: LiveForeignKey[];
  checks: { name: string; columns: string[]; enforced: boolean; definition: string }[];
  indexes: LiveIndex[];
  /** Its own triggers that are switched off. */
  disabledTriggers: string[];
  /** Extended statistics on its columns. */
  extendedStatistics: { name: string; columns: string[] }[];
}

export interface LiveCatalogue {
  relations: LiveRelation[];
  /** Roles of this server that pass row-level security, superusers left out. */
  bypassing: string[];
  /** schema.name of functions that run as their owner. */
  definers: string[];
  /** Files inside the database, which no table shows. */
  largeObjects: number;
  /** Logical replication writes into this database, past foreign keys and triggers. */
  subscriptions: string[];
  /** schema.name of sequences that no column owns. */
  sequences: string[];
  /** Objects whose comment reads like somebody's address or number; never the comment itself. */
  tellingComments: string[];
}

/**
 * One look at the catalogue of all schemas, as any role may take it. Each part is aggregated per relation by
 * PostgreSQL, so that a database with hundreds of partitions is one round trip.
 */
export async function readCatalogue(client: CatalogueClient): Promise<LiveCatalogue> {
  const relations = (await client.query(RELATIONS)).rows as LiveRelation[];
  const [rest] = (await client.query(REST)).rows as [Omit<LiveCatalogue, 'relations'>];
  return { relations, ...rest };
}

const RELATIONS = `
select n.nspname as schema, c.relname as "table", c.relkind as kind,
  (select format('%s.%s', rn.nspname, r.relname) from pg_class r join pg_namespace rn on rn.oid = r.relnamespace
   where c.relispartition and r.oid = pg_partition_root(c.oid)) as "partitionOf",
  pg_get_userbyid(c.relowner)::text as owner,
  (select e.extname::text from pg_depend d join pg_extension e on e.oid = d.refobjid
   where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e') as extension,
  c.relrowsecurity as "rowSecurity", c.relforcerowsecurity as forced,
  coalesce('security_invoker=true' = any (c.reloptions) or 'security_invoker=on' = any (c.reloptions), false)
    as "securityInvoker",
  coalesce((select json_agg(distinct case when a.grantee = 0 then 'public' else pg_get_userbyid(a.grantee)::text end)
    from aclexplode(c.relacl) a where a.grantee <> c.relowner), '[]') as grantees,
  coalesce((select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, null),
      'notNull', a.attnotnull, 'withoutStatistics', coalesce(a.attstattarget = 0, false),
      'valuesKept', exists (select 1 from pg_stats s
        where s.schemaname = n.nspname and s.tablename = c.relname and s.attname = a.attname),
      'generated', a.attgenerated <> '') order by a.attnum)
    from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), '[]') as columns,
  coalesce((select json_agg(json_build_object('name', p.polname, 'permissive', p.polpermissive, 'command', p.polcmd,
      'roles', array(select case when r = 0 then 'public' else pg_get_userbyid(r)::text end from unnest(p.polroles) r),
      'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid)) order by p.polname)
    from pg_policy p where p.polrelid = c.oid), '[]') as policies,
  coalesce((select json_agg(json_build_object('name', k.conname,
      'columns', array(select a.attname from unnest(k.conkey) with ordinality x (num, ord)
        join pg_attribute a on a.attrelid = k.conrelid and a.attnum = x.num order by x.ord),
      'references', format('%s.%s', fn.nspname, f.relname),
      'referencedColumns', array(select a.attname from unnest(k.confkey) with ordinality x (num, ord)
        join pg_attribute a on a.attrelid = k.confrelid and a.attnum = x.num order by x.ord),
      'deferrable', k.condeferrable,
      'enforced', k.convalidated and k.conenforced and not exists (
        select 1 from pg_trigger t where t.tgconstraint = k.oid and t.tgenabled not in ('O', 'A'))) order by k.conname)
    from pg_constraint k join pg_class f on f.oid = k.confrelid join pg_namespace fn on fn.oid = f.relnamespace
    where k.conrelid = c.oid and k.contype = 'f'), '[]') as "foreignKeys",
  coalesce((select json_agg(json_build_object('name', k.conname,
      'columns', array(select a.attname from pg_attribute a where a.attrelid = k.conrelid and a.attnum = any (k.conkey)),
      'enforced', k.convalidated and k.conenforced, 'definition', pg_get_constraintdef(k.oid)) order by k.conname)
    from pg_constraint k where k.conrelid = c.oid and k.contype = 'c'), '[]') as checks,
  coalesce((select json_agg(json_build_object('name', ic.relname, 'unique', i.indisunique,
      'partial', i.indpred is not null, 'valid', i.indisvalid,
      'columns', array(select a.attname from generate_series(0, i.indnkeyatts - 1) x
        left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[x] and i.indkey[x] <> 0 order by x),
      'expressionStatisticsOf', array(select distinct a.attname
        from pg_depend d join pg_attribute a on a.attrelid = i.indrelid and a.attnum = d.refobjsubid
        where i.indexprs is not null and d.classid = 'pg_class'::regclass and d.objid = i.indexrelid
          and d.refclassid = 'pg_class'::regclass and d.refobjid = i.indrelid
          and exists (select 1 from pg_attribute e where e.attrelid = i.indexrelid
            and i.indkey[e.attnum - 1] = 0 and coalesce(e.attstattarget, -1) <> 0))) order by ic.relname)
    from pg_index i join pg_class ic on ic.oid = i.indexrelid where i.indrelid = c.oid), '[]') as indexes,
  coalesce((select json_agg(t.tgname order by t.tgname) from pg_trigger t
    where t.tgrelid = c.oid and not t.tgisinternal and t.tgenabled not in ('O', 'A')), '[]') as "disabledTriggers",
  coalesce((select json_agg(json_build_object('name', s.stxname,
      'columns', array(select a.attname from pg_attribute a where a.attrelid = c.oid and a.attnum = any (s.stxkeys)))
      order by s.stxname)
    from pg_statistic_ext s where s.stxrelid = c.oid), '[]') as "extendedStatistics"
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'v', 'm', 'f')
  and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
  and n.nspname !~ '^pg_(toast_)?temp'
order by n.nspname, c.relname`;

const REST = `
select
  array(select rolname::text from pg_roles where rolbypassrls and not rolsuper order by 1) as bypassing,
  array(select format('%s.%s', n.nspname, p.proname) from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema')
      and not exists (select 1 from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
    order by 1) as definers,
  (select count(*)::int from pg_largeobject_metadata) as "largeObjects",
  array(select s.subname::text from pg_subscription s join pg_database d on d.oid = s.subdbid
    where d.datname = current_database() order by 1) as subscriptions,
  array(select format('%s.%s', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'S' and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_temp'
      and not exists (select 1 from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid
        and d.deptype in ('a', 'i', 'e')) order by 1) as sequences,
  array(select distinct (pg_identify_object(t.classoid, t.objoid, t.objsubid)).identity from (
      select classoid, objoid, objsubid, description from pg_description
      union all select classoid, objoid, 0, description from pg_shdescription) t
    where t.objoid >= 16384
      and (t.description ~ '[[:alnum:]._%+-]+@[[:alnum:]-]+\\.[[:alpha:]]{2,}' or t.description ~ '\\+[0-9][0-9 ()-]{7,}')
    order by 1) as "tellingComments"`;
