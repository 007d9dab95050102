import { SERVICES, type ServiceName } from '@heed/contracts';
import { type CrossRule, type Rule } from '../rule.js';

/** What each service has shown last to privacy, as the bytes that it signed. */
const LATEST_MANIFEST = (service: ServiceName): string => `
  select convert_from(content, 'UTF8')::jsonb as shown from manifest
  where service = '${service}' order by seen_at desc, version limit 1`;

/** One row, so that the whole declaration is compared at once. */
const declaredBy = (service: ServiceName): string => `
  select coalesce(jsonb_agg(jsonb_build_object(
      'relation', (store ->> 'schema') || '.' || (store ->> 'table'), 'columns', (
        select jsonb_agg(declared ->> 'name') from jsonb_array_elements(store -> 'columns') declared))), '[]') as tables
  from (${LATEST_MANIFEST(service)}) latest, jsonb_array_elements(latest.shown -> 'stores') store
  where store ->> 'kind' = 'table'
  having count(*) > 0`;

/** Tables that hold rows, in all schemas but PostgreSQL's own; a partition is part of its table. */
const LIVE_TABLES = `
  select c.oid, format('%s.%s', n.nspname, c.relname) as relation
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'm', 'f') and not c.relispartition
    and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and n.nspname !~ '^pg_(toast_)?temp'`;

/** I4. The live catalogue against what was signed, in SQL: the services' own check knows their annotations instead. */
export const dataMapRules: (Rule | CrossRule)[] = SERVICES.flatMap((service): (Rule | CrossRule)[] => [
  {
    invariant: 'I4',
    service: 'privacy',
    says: `${service} has shown no manifest, though requests are worked`,
    sql: `
      select '${service}' where exists (select 1 from request)
        and not exists (select 1 from manifest where service = '${service}')`,
  },
  {
    invariant: 'I4',
    service,
    says: 'a table is in no data map',
    collect: { service: 'privacy', sql: declaredBy(service) },
    sql: `
      select live.relation from (${LIVE_TABLES}) live
      where not exists (
        select 1 from jsonb_array_elements($1::jsonb -> 0 -> 'tables') declared
        where declared ->> 'relation' = live.relation)`,
  },
  {
    invariant: 'I4',
    service,
    says: 'a column is in no data map',
    collect: { service: 'privacy', sql: declaredBy(service) },
    // The two columns of the fence hold a flag and the code of a ground, in every table alike.
    sql: `
      select live.relation || '.' || a.attname
      from (${LIVE_TABLES}) live
      join jsonb_array_elements($1::jsonb -> 0 -> 'tables') declared on declared ->> 'relation' = live.relation
      join pg_attribute a on a.attrelid = live.oid and a.attnum > 0 and not a.attisdropped
      where a.attname not in ('subject_live', 'retained_under')
        and not (declared -> 'columns') ? a.attname::text`,
  },
  {
    invariant: 'I4',
    service,
    says: 'a file lies inside the database, where no table shows it',
    sql: 'select oid from pg_largeobject_metadata',
  },
]);
