import { randomBytes } from 'node:crypto';
import { sha256 } from '@heed/kernel';
import {
  connectionUrl,
  Database,
  loadMigrations,
  migrate,
  provisionDatabase,
  provisionRoles,
  rolesOf,
  type DatabaseOptions,
  type DatabaseRole,
  type MigrationSource,
} from '@heed/postgres';
import pg from 'pg';
import { testPostgres } from './parts.js';

const PASSWORD = 'only for tests';

/** A database of a spec's own: the real roles, grants, policies and fences of one service. */
export interface TestDatabase {
  service: string;
  name: string;
  /** Without a user, as services get it. */
  url: string;
  passwords: string;
  /** Of this database, for what a spec does behind the service's back. */
  superuserUrl: string;
  urlOf(role: DatabaseRole): string;
  /** A Database on it; `drop` closes it. */
  open(options?: Pick<DatabaseOptions, 'entities' | 'poolSizes'>): Database;
  drop(): Promise<void>;
}

/**
 * Cloned from a template that is made once for each state of the migrations: a clone takes some 50 ms, migrating
 * takes a second. Roles belong to the server and are shared; what they may do is in the database.
 */
export async function createTestDatabase(
  service: string,
  sources: readonly MigrationSource[] = [],
): Promise<TestDatabase> {
  const superuser = await testPostgres();
  const template = await templateFor(superuser, service, sources);
  const name = `heed_test_${service}_${randomBytes(6).toString('hex')}`;
  await provisionDatabase({ superuserUrl: superuser, service }, name, rolesOf(service), template);
  const url = serverUrl(superuser, name);
  const opened: Database[] = [];
  return {
    service,
    name,
    url,
    passwords: PASSWORD,
    superuserUrl: databaseUrl(superuser, name),
    urlOf: (role) => connectionUrl(url, { service, role, passwords: PASSWORD }),
    open: (options = {}) => {
      const database = new Database({ service, url, passwords: PASSWORD, ...options });
      opened.push(database);
      return database;
    },
    drop: async () => {
      await Promise.all(opened.map((database) => database.close()));
      await withClient(superuser, (client) =>
        client.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`),
      );
    },
  };
}

async function templateFor(
  superuser: string,
  service: string,
  sources: readonly MigrationSource[],
): Promise<string> {
  const migrations = await loadMigrations(sources);
  const state = sha256(Buffer.from(migrations.map((m) => `${m.source}/${m.name}/${m.checksum}`).join('\n')));
  const template = `heed_template_${service}_${state.toString('hex').slice(0, 16)}`;
  await withClient(superuser, async (client) => {
    if (await isTemplate(client, template)) return;
    // Spec files start at once; one makes the template and the others wait for it.
    await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [template]);
    if (await isTemplate(client, template)) return;
    const options = { superuserUrl: superuser, service, passwords: PASSWORD };
    await provisionRoles(options);
    await provisionDatabase(options, template, rolesOf(service));
    await migrate({ service, url: serverUrl(superuser, template), passwords: PASSWORD, sources });
    await client.query(`alter database ${pg.escapeIdentifier(template)} is_template true`);
  });
  return template;
}

async function isTemplate(client: pg.Client, name: string): Promise<boolean> {
  const { rowCount } = await client.query('select 1 from pg_database where datname = $1 and datistemplate', [
    name,
  ]);
  return rowCount === 1;
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function databaseUrl(superuser: string, name: string): string {
  const url = new URL(superuser);
  url.pathname = `/${name}`;
  return url.toString();
}

function serverUrl(superuser: string, name: string): string {
  const url = new URL(databaseUrl(superuser, name));
  url.username = '';
  url.password = '';
  return url.toString();
}
