import type pg from 'pg';
import { loginOf, rolesOf } from '@heed/postgres';
import { when, type Finding } from './finding.js';

/** These alone may see past row-level security: they only read. */
const SEES_ALL = ['probe', 'backup'];

type Names = (sql: string, values?: unknown[]) => Promise<string[]>;

/** One thing that is looked for; whatever is found by a name is wrong. */
interface Check {
  severity: 'error' | 'warning';
  about: string;
  /** What is said where nothing was found. */
  fine: string;
  why: string;
  cure: string;
  find(names: Names, service: string): Promise<string[]>;
}

/** Roles, policies and the fence of one service's database: what holds tenants apart and the erased away. */
export async function wallFindings(service: string, client: pg.Client): Promise<Finding[]> {
  const names: Names = async (sql, values = []) =>
    (await client.query<{ name: string }>(sql, values)).rows.map(({ name }) => name);
  const findings: Finding[] = [];
  for (const { severity, about, fine, why, cure, find } of CHECKS) {
    const found = await find(names, service);
    const said = found.length === 0 ? fine : found.join(', ');
    findings.push(when(found.length > 0, severity, `${service} ${about}`, said, { why, cure }));
  }
  return findings;
}

const CHECKS: readonly Check[] = [
  {
    severity: 'error',
    about: 'roles',
    fine: 'all there',
    why: 'I8: a service without its own roles works as somebody stronger',
    cure: 'make them: npm start does; elsewhere libs/postgres provision()',
    find: async (names, service) => {
      const logins = loginsOf(service);
      const present = await names('select rolname as name from pg_roles where rolname = any ($1)', [logins]);
      return logins.filter((login) => !present.includes(login)).map((login) => `no ${login}`);
    },
  },
  {
    severity: 'error',
    about: 'rights of roles',
    fine: 'none too strong',
    why: 'I8: superusers and BYPASSRLS walk through the wall between tenants; only probe and backup may, to read',
    cure: 'alter role ... nosuperuser nocreaterole noreplication nobypassrls',
    find: (names, service) =>
      names(
        `select rolname as name from pg_roles
         where rolname like $1
           and (rolsuper or rolcreaterole or rolreplication or (rolbypassrls and not rolname = any ($2)))`,
        [`${service}\\_%`, SEES_ALL.map((role) => `${service}_${role}`)],
      ),
  },
  {
    severity: 'error',
    about: 'session_replication_role',
    fine: 'origin everywhere',
    why: 'I5: as replica foreign keys are not checked, and the fence is one',
    cure: 'alter role ... reset session_replication_role; alter database ... reset session_replication_role',
    find: (names) =>
      names(
        `select coalesce(r.rolname, d.datname, 'all') as name from pg_db_role_setting s
         left join pg_roles r on r.oid = s.setrole left join pg_database d on d.oid = s.setdatabase,
         unnest(s.setconfig) as c (setting)
         where c.setting ~ '^session_replication_role=' and c.setting <> 'session_replication_role=origin'
           and (s.setdatabase = 0 or d.datname = current_database())`,
      ),
  },
  {
    severity: 'error',
    about: 'right to set session_replication_role',
    fine: 'nobody but superusers',
    why: 'I5: whoever may set it may write past the fence',
    cure: 'revoke set on parameter session_replication_role from ...',
    // A right that PostgreSQL 15 and later can grant by name; superusers have it anyway.
    find: (names, service) =>
      names(
        `select rolname as name from pg_roles
         where rolname = any ($1) and has_parameter_privilege(oid, 'session_replication_role', 'SET')`,
        [loginsOf(service)],
      ),
  },
  {
    severity: 'warning',
    about: 'replication origins',
    fine: 'none left over',
    why: 'I5: a subscriber that was promoted was written past its fence; rows of the erased may be among them',
    cure: 'heed check shows rows behind a fence; then select pg_replication_origin_drop(...)',
    // What a subscription leaves behind: this database was written past its fence once, and serves now.
    find: (names) =>
      names(
        `select o.roname as name from pg_replication_origin o
         where not exists (select 1 from pg_subscription s where o.roname = 'pg_' || s.oid)`,
      ),
  },
  {
    severity: 'error',
    about: 'row-level security',
    fine: 'forced on every walled table',
    why: 'I8: one tenant reads another',
    cure: 'alter table ... enable row level security, force row level security',
    // COPY is refused under row-level security: staging tables belong to a role of their own, and bind all others.
    find: (names, service) =>
      names(
        `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'p') and n.nspname in ('public', 'heed')
           and not (c.relrowsecurity and c.relforcerowsecurity)
           and (c.relrowsecurity or exists (select 1 from pg_policy p where p.polrelid = c.oid)
             or exists (select 1 from pg_constraint k where k.conrelid = c.oid and k.conname like '%\\_fence'))
           and not (c.relrowsecurity and c.relowner::regrole::text = $1)`,
        [loginOf(service, 'import')],
      ),
  },
  {
    severity: 'error',
    about: 'fence',
    fine: 'every key valid, enforced, not deferrable',
    why: 'I5: rows about someone erased can come back',
    cure: 'alter table ... validate constraint; enable its triggers; never defer it',
    find: (names) =>
      names(
        `select conrelid::regclass || '.' || conname as name from pg_constraint
         where conname like '%\\_fence' and (not convalidated or condeferrable or not conenforced)
         union
         select tgrelid::regclass || '.' || tgname from pg_trigger t join pg_constraint k on k.oid = t.tgconstraint
         where k.conname like '%\\_fence' and t.tgenabled <> 'O'`,
      ),
  },
  {
    severity: 'error',
    about: 'logical subscriptions',
    fine: 'none with fenced tables',
    why: 'I5: an apply worker writes as replica, past the fence',
    cure: 'drop the subscription; replicate physically',
    find: (names) =>
      names(
        `select distinct c.conrelid::regclass::text as name from pg_subscription_rel r
         join pg_constraint c on c.conrelid = r.srrelid and c.conname like '%\\_fence'`,
      ).catch(() =>
        // pg_subscription_rel is for superusers; that there is none at all is for everybody to see.
        names('select subname as name from pg_stat_subscription where subname is not null'),
      ),
  },
];

function loginsOf(service: string): string[] {
  return rolesOf(service).map((role) => loginOf(service, role));
}
