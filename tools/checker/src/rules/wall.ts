import { SERVICES } from '@heed/contracts';
import { type Rule } from '../rule.js';

/**
 * Tables with a tenant in them and no wall: what is due, and where to look for it, must be seen before a tenant is
 * entered. They hold ids and times. Whoever adds one says so here too.
 */
const OPEN = [
  'heed.due_work',
  'heed.offsite_due',
  'public.campaign_work',
  'public.participant_delivery',
  'public.participant_tenant',
  'public.processor',
  'public.sending_tenant',
  'public.standing_deny',
  'public.sweep_due',
  'public.tenant_slug',
] as const;

/** Tables and partitions that belong to tenants: each has the column, whatever anybody has declared. */
const WALLED = `
  select c.oid, c.oid::regclass::text as name, c.relrowsecurity, c.relforcerowsecurity, c.relispartition, c.relacl,
    c.relowner, pg_get_userbyid(c.relowner)::text as owner, a.attnum as tenant
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
  where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema')
    and format('%s.%s', n.nspname, c.relname) not in (${OPEN.map((name) => `'${name}'`).join(', ')})`;

const WALL = `(tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)`.replaceAll(
  `'`,
  `''`,
);

/** I8. In every service's database, of every table and partition, by the catalogue itself. */
export const wallRules: Rule[] = SERVICES.flatMap((service): Rule[] => [
  {
    invariant: 'I8',
    service,
    says: 'row-level security is off, or does not bind the owner',
    // A staging table belongs to the role for imports, whom COPY requires to stand outside; all others are bound.
    sql: `
      select t.name from (${WALLED}) t
      where not t.relrowsecurity or not (t.relforcerowsecurity or t.owner = '${service}_import')`,
  },
  {
    invariant: 'I8',
    service,
    says: 'a table or partition has no wall between tenants',
    sql: `
      select t.name from (${WALLED}) t
      where not exists (
        select 1 from pg_policy p where p.polrelid = t.oid and p.polname = 'tenant_wall' and p.polpermissive
          and p.polcmd = '*' and p.polroles = '{0}' and pg_get_expr(p.polqual, p.polrelid) = '${WALL}'
          and pg_get_expr(p.polwithcheck, p.polrelid) = '${WALL}')`,
  },
  {
    invariant: 'I8',
    service,
    says: 'a second policy opens the wall to those who work one tenant at a time',
    // identity finds tenants from outside of them, in the table of tenants alone.
    sql: `
      select t.name || ' ' || p.polname from (${WALLED}) t
      join pg_policy p on p.polrelid = t.oid and p.polpermissive and p.polname <> 'tenant_wall'
      where not (t.name = 'tenant' and p.polname = 'outside_tenants')
        and exists (
          select 1 from unnest(p.polroles) r
          where r = 0 or pg_get_userbyid(r) in ('${service}_service', '${service}_eraser', '${service}_import'))`,
  },
  {
    invariant: 'I8',
    service,
    says: 'a unique key does not begin with the tenant: it tells one what another holds',
    sql: `
      select i.indexrelid::regclass::text from (${WALLED}) t
      join pg_index i on i.indrelid = t.oid and i.indisunique and i.indkey[0] <> t.tenant`,
  },
  {
    invariant: 'I8',
    service,
    says: 'a foreign key leads to rows of other tenants: its check runs past all policies',
    sql: `
      select t.name || ' ' || k.conname from (${WALLED}) t
      join pg_constraint k on k.conrelid = t.oid and k.contype = 'f'
      where not exists (
        select 1 from generate_subscripts(k.conkey, 1) at
        join pg_attribute theirs on theirs.attrelid = k.confrelid and theirs.attnum = k.confkey[at]
        where k.conkey[at] = t.tenant and theirs.attname = 'tenant_id')`,
  },
  {
    invariant: 'I8',
    service,
    says: 'a partition can be read by its own name',
    sql: `
      select t.name from (${WALLED}) t
      where t.relispartition and exists (select 1 from aclexplode(t.relacl) a where a.grantee <> t.relowner)`,
  },
  {
    invariant: 'I8',
    service,
    says: 'a view reads as its owner, past the wall',
    sql: `
      select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'v' and n.nspname not in ('pg_catalog', 'information_schema')
        and not coalesce(c.reloptions && array['security_invoker=true', 'security_invoker=on'], false)`,
  },
  {
    invariant: 'I8',
    service,
    says: 'a role passes row-level security and is neither probe nor backup',
    // Superusers pass everything; that no login of a service is one is the second half.
    sql: `
      select rolname from pg_roles
      where (rolbypassrls and not rolsuper and rolname !~ '_(probe|backup)$')
        or (rolname like '${service}\\_%' and rolsuper)`,
  },
]);
