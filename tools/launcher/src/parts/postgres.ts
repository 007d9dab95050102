import pg from 'pg';
import { embeddedServer } from './embedded-postgres.js';
import { nothingToStop, type Part } from './part.js';
import { postgresMajor, postgresSettings } from './postgres-settings.js';

export interface PostgresPart extends Part {
  /** Of a superuser: databases and roles are made with it, nothing else. */
  url: string;
}

export interface PostgresOptions {
  dataDir: string;
  logFile: string;
  env?: NodeJS.ProcessEnv;
  /** Nobody waits any more: what is starting is killed. */
  signal?: AbortSignal;
  /** The port of the last run. */
  port?: number;
  /** For tests: no fsync, cheap password hashing. Nothing survives a power cut. */
  throwAway?: boolean;
}

export async function resolvePostgres(options: PostgresOptions): Promise<PostgresPart> {
  const given = (options.env ?? process.env).HEED_POSTGRES_URL;
  return given ? givenServer(given) : embeddedServer(options);
}

async function givenServer(url: string): Promise<PostgresPart> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect().catch((cause: Error) => {
    throw new Error(`HEED_POSTGRES_URL is set, but the server does not let us in: ${cause.message}`, {
      cause,
    });
  });
  try {
    const [who] = (
      await client.query<{ version: string; super: boolean }>(
        `select current_setting('server_version') as version, rolsuper as super from pg_roles where rolname = current_user`,
      )
    ).rows;
    if (!who || Number.parseInt(who.version) < postgresMajor) {
      throw new Error(
        `HEED_POSTGRES_URL: PostgreSQL ${postgresMajor} or newer is needed, this is ${who?.version}`,
      );
    }
    if (!who.super) {
      throw new Error('HEED_POSTGRES_URL must name a superuser: roles with BYPASSRLS are made with it');
    }
    const names = Object.keys(postgresSettings);
    const found = await client.query<{ name: string; setting: string }>(
      'select name, setting from pg_settings where name = any($1)',
      [names],
    );
    const other = found.rows
      .filter(({ name, setting }) => postgresSettings[name] !== setting)
      .map(({ name }) => name);
    return {
      kind: 'given',
      version: who.version,
      url,
      note: 'the server that HEED_POSTGRES_URL names',
      better: other.length
        ? `set there: ${other.map((name) => `${name}=${postgresSettings[name]}`).join(', ')}: as it is, its log can quote personal data or commit times are missing`
        : undefined,
      stop: nothingToStop,
    };
  } finally {
    await client.end();
  }
}
