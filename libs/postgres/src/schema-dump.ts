import { type Queryable } from './migrate.js';

/**
 * The schema as text that changes only when the schema does: no dates, no order of creation, no partitions (they come and
 * go by the day). Committed beside each service, so that a migration's effect stands in the diff. Our own queries,
 * because pg_dump is neither in the embedded PostgreSQL nor of the same version everywhere.
 */
export async function schemaDump(client: Queryable): Promise<string> {
  const parts: string[] = [];
  for (const section of SECTIONS) {
    const { rows } = await client.query(section);
    const lines = (rows as { line: string }[]).map((row) => row.line);
    if (lines.length > 0) parts.push(lines.join('\n'));
  }
  return `${HEAD}\n${parts.join('\n\n')}\n`;
}

const HEAD = `-- The schema after all migrations, generated: npm run schema. Read it, do not run it.\n`;

const OURS = `n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and n.nspname !~ '^pg_(toast_)?temp'`;
const NOT_OF_AN_EXTENSION = (catalogue: string, oid: string): string =>
  `not exists (select 1 from pg_depend d where d.classid = '${catalogue}'::regclass and d.objid = ${oid} and d.deptype = 'e')`;
const TABLES = `from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and not c.relispartition and ${OURS} and ${NOT_OF_AN_EXTENSION('pg_class', 'c.oid')}`;

/** "service: insert, select" from an access list, with `public` for all roles. */
const GRANTS = (acl: string, owner: string): string => `
  (select string_agg(grantee || ': ' || privileges, '; ' order by grantee) from (
    select case when a.grantee = 0 then 'public' else pg_get_userbyid(a.grantee)::text end as grantee,
      string_agg(lower(a.privilege_type), ', ' order by a.privilege_type) as privileges
    from aclexplode(${acl}) a where a.grantee <> ${owner} group by 1) g)`;

const SCHEMAS = `
select format('create schema %I;%s', n.nspname, coalesce(' -- ' || ${GRANTS('n.nspacl', 'n.nspowner')}, '')) as line
from pg_namespace n where ${OURS} order by n.nspname`;

const EXTENSIONS = `
select format('create extension %I;', extname) as line from pg_extension where extname <> 'plpgsql' order by extname`;

const TYPES = `
select format('create type %I.%I as enum (%s);', n.nspname, t.typname,
  (select string_agg(quote_literal(enumlabel), ', ' order by enumsortorder) from pg_enum where enumtypid = t.oid)) as line
from pg_type t join pg_namespace n on n.oid = t.typnamespace
where t.typtype = 'e' and ${OURS} and ${NOT_OF_AN_EXTENSION('pg_type', 't.oid')} order by n.nspname, t.typname`;

// One block a table: columns, then everything that holds it.
const TABLE_BLOCKS = `
select concat_ws(e'\\n',
  format('create table %I.%I (', n.nspname, c.relname),
  (select string_agg(format('  %I %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
      case when a.attnotnull then ' not null' else '' end
      || case when a.attgenerated <> '' then format(' generated always as (%s) stored', pg_get_expr(d.adbin, d.adrelid))
           when a.attidentity <> '' then ' generated as identity'
           when d.adbin is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid) else '' end
      || case when a.attstattarget = 0 then ' /* no statistics */' else '' end,
      coalesce(' /* ' || ${GRANTS('a.attacl', 'c.relowner')} || ' */', '')), e',\\n' order by a.attname)
    from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
  ')' || coalesce(' partition by ' || pg_get_partkeydef(c.oid), '')
      || coalesce(' with (' || array_to_string(c.reloptions, ', ') || ')', '') || ';',
  (select string_agg(format('  constraint %I %s', k.conname, pg_get_constraintdef(k.oid)), e'\\n' order by k.conname)
    from pg_constraint k where k.conrelid = c.oid and k.contype <> 'n'),
  (select string_agg('  ' || pg_get_indexdef(i.indexrelid), e'\\n' order by i.indexrelid::regclass::text)
    from pg_index i where i.indrelid = c.oid
      and not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))),
  case when c.relrowsecurity then '  row level security' || case when c.relforcerowsecurity then ', forced' else '' end end,
  (select string_agg(format('  %s policy %I for %s to %s%s%s', case when p.polpermissive then 'permissive' else 'restrictive' end,
      p.polname, p.polcmd,
      (select string_agg(case when r = 0 then 'public' else pg_get_userbyid(r)::text end, ', ' order by 1) from unnest(p.polroles) r),
      coalesce(' using ' || pg_get_expr(p.polqual, p.polrelid), ''),
      coalesce(' check ' || pg_get_expr(p.polwithcheck, p.polrelid), '')), e'\\n' order by p.polname)
    from pg_policy p where p.polrelid = c.oid),
  (select string_agg('  ' || pg_get_triggerdef(t.oid), e'\\n' order by t.tgname) from pg_trigger t
    where t.tgrelid = c.oid and not t.tgisinternal),
  '  owner: ' || pg_get_userbyid(c.relowner),
  '  grants: ' || ${GRANTS('c.relacl', 'c.relowner')}
) || e'\\n' as line
${TABLES} order by n.nspname, c.relname`;

const VIEWS = `
select format('create view %I.%I%s as %s', n.nspname, c.relname,
  coalesce(' with (' || array_to_string(c.reloptions, ', ') || ')', ''), pg_get_viewdef(c.oid)) as line
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('v', 'm') and ${OURS} and ${NOT_OF_AN_EXTENSION('pg_class', 'c.oid')} order by n.nspname, c.relname`;

// The frame's functions are the same in every service and reviewed where they are written: a digest tells a change.
const ROUTINES = `
select case when n.nspname = 'heed'
    then format('routine %s digest %s', p.oid::regprocedure, left(encode(sha256(convert_to(pg_get_functiondef(p.oid), 'UTF8')), 'hex'), 16))
    else pg_get_functiondef(p.oid) end
  || coalesce(' -- ' || ${GRANTS('p.proacl', 'p.proowner')}, '') as line
from pg_proc p join pg_namespace n on n.oid = p.pronamespace
where p.prokind in ('f', 'p') and ${OURS} and ${NOT_OF_AN_EXTENSION('pg_proc', 'p.oid')}
order by n.nspname, p.oid::regprocedure::text`;

const DAYS = `
select format('partitioned by day: %s, kept %s days', relation, keep_days) as line from heed.day_partitioned order by 1`;

const SECTIONS = [SCHEMAS, EXTENSIONS, TYPES, TABLE_BLOCKS, VIEWS, ROUTINES, DAYS];
