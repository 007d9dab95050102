import { DomainError } from '@heed/kernel';
import pg from 'pg';
import { reduced, sqlstate } from './database-failure.js';
import { loadMigrations, type Migration, type MigrationSource } from './migration-source.js';
import { connectionUrl, type Passwords } from './roles.js';

export interface MigrateOptions {
  service: string;
  /** Server and database, without a user. */
  url: string;
  passwords: Passwords;
  sources: readonly MigrationSource[];
  /** These alone, by `source/name`: a backup is loaded into the schema that it was taken of. */
  only?: ReadonlySet<string>;
}

interface Applied {
  source: string;
  name: string;
  checksum: string;
  breaking: boolean;
}

/**
 * Applies what is missing, as the owner, each file in a transaction of its own, and returns the names of those applied.
 * Programs that start at once wait for each other at an advisory lock; the row of a migration is inserted before its
 * statements run, so that even without the lock two of them would meet at its key and not halfway through DDL.
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const migrations = await loadMigrations(options.sources);
  const client = new pg.Client({
    connectionString: connectionUrl(options.url, { ...options, role: 'owner' }),
    application_name: `heed ${options.service} migrate`,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(`select pg_advisory_lock(hashtextextended('heed.migrate', 0))`);
    await client.query(`
      create schema if not exists heed;
      create table if not exists heed.migration (
        source text not null,
        name text not null,
        checksum text not null,
        breaking boolean not null,
        reason text not null,
        applied_at timestamptz not null default clock_timestamp(),
        primary key (source, name)
      )`);
    const applied = await appliedIn(client);
    demandUnaltered(migrations, applied);
    demandNoneBreaking(migrations, applied);
    const { only } = options;
    const wanted = migrations.filter((migration) => only === undefined || only.has(keyOf(migration)));
    const missing = wanted.filter((migration) => !applied.has(keyOf(migration)));
    for (const migration of missing) await apply(client, migration);
    return missing.map(keyOf);
  } catch (error) {
    throw reduced(error);
  } finally {
    await client.end();
  }
}

/** What a service demands of its database before it serves. `client` is any of its roles. */
export async function assertSchema(client: Queryable, sources: readonly MigrationSource[]): Promise<void> {
  const migrations = await loadMigrations(sources);
  let applied: Map<string, Applied>;
  try {
    applied = await appliedIn(client);
  } catch (error) {
    if (!['42P01', '3F000', '42501'].includes(sqlstate(error) ?? '')) throw reduced(error);
    applied = new Map();
  }
  demandNoneBreaking(migrations, applied);
  demandUnaltered(migrations, applied);
  const missing = migrations.map(keyOf).filter((key) => !applied.has(key));
  if (missing.length > 0) {
    throw new DomainError('SCHEMA_OLD', 'failed-precondition', {
      message: `the database lacks ${missing.length} migrations (first: ${missing[0]}): run "main.js migrate" before "serve"`,
      metadata: { missing: missing.join(' ') },
    });
  }
}

export interface Queryable {
  query(sql: string, params?: unknown[]): Promise<{ rows: unknown[] }>;
}

function keyOf(migration: { source: string; name: string }): string {
  return `${migration.source}/${migration.name}`;
}

async function appliedIn(client: Queryable): Promise<Map<string, Applied>> {
  const { rows } = await client.query('select source, name, checksum, breaking from heed.migration');
  return new Map((rows as Applied[]).map((row) => [keyOf(row), row]));
}

/** A file that has run is history: whoever needs another schema writes another file. */
function demandUnaltered(migrations: readonly Migration[], applied: Map<string, Applied>): void {
  const altered = migrations.find((migration) => {
    const before = applied.get(keyOf(migration));
    return before !== undefined && before.checksum !== migration.checksum;
  });
  if (altered) {
    throw new DomainError('MIGRATION_ALTERED', 'failed-precondition', {
      message: `${keyOf(altered)} has been applied in another form: restore the file and write a new migration`,
    });
  }
}

/** Expand, then contract: an older program goes on with a newer schema, until a migration says that it cannot. */
function demandNoneBreaking(migrations: readonly Migration[], applied: Map<string, Applied>): void {
  const known = new Set(migrations.map(keyOf));
  const sources = new Set(migrations.map((migration) => migration.source));
  const newer = [...applied.values()].find(
    (row) => row.breaking && sources.has(row.source) && !known.has(keyOf(row)),
  );
  if (newer) {
    throw new DomainError('SCHEMA_NEWER', 'failed-precondition', {
      message: `the database has ${keyOf(newer)}, which breaks this version: start a newer one`,
    });
  }
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  try {
    await client.query(`begin; set local lock_timeout = '10s'; set local search_path = public`);
    await client.query(
      'insert into heed.migration (source, name, checksum, breaking, reason) values ($1, $2, $3, $4, $5)',
      [migration.source, migration.name, migration.checksum, migration.breaking, migration.reason],
    );
    const before = await transactionOf(client);
    await client.query(migration.sql);
    if ((await transactionOf(client)) !== before) throw new Error('it ended its own transaction');
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw new DomainError('MIGRATION_FAILED', 'failed-precondition', {
      message: `${keyOf(migration)}: ${explanation(error, migration.sql)}`,
      metadata: { migration: keyOf(migration), sqlstate: sqlstate(error) ?? '' },
    });
  }
}

async function transactionOf(client: pg.Client): Promise<string | null> {
  const { rows } = await client.query<{ xid: string | null }>(
    'select pg_current_xact_id_if_assigned()::text as xid',
  );
  return rows[0]?.xid ?? null;
}

/** A migration's author needs PostgreSQL's words; those about rows (classes 22 and 23) may quote values and stay inside. */
function explanation(error: unknown, sql: string): string {
  const code = sqlstate(error);
  if (!(error instanceof Error)) return 'unknown error';
  if (!code) return error.message;
  if (/^2[23]/.test(code)) return `${(reduced(error) as Error).message}`;
  const position = Number((error as { position?: string }).position);
  const line = position > 0 ? ` (line ${sql.slice(0, position).split('\n').length})` : '';
  return `${error.message} (${code})${line}`;
}
