import pg from 'pg';
import { SERVICES, type ServiceName } from '@heed/contracts';
import { DomainError } from '@heed/kernel';
import { type Statements } from '@heed/postgres';

/** A connection for one command; what does not answer is said with the service's name. */
export async function openDatabase(service: string, url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'heed cli',
    connectionTimeoutMillis: 5_000,
    statement_timeout: 30_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw new DomainError('DATABASE_UNREACHABLE', 'unavailable', {
      message: `The database of ${service} does not answer (${codeOf(error)}): is PostgreSQL up, is the password right?`,
      cause: error,
    });
  }
  return client;
}

export async function withDatabase<T>(
  service: ServiceName,
  url: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = await openDatabase(service, url);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The same of all six, at once; answers in the order of the services. */
export function inEveryDatabase<T>(
  urls: Record<ServiceName, string>,
  work: (client: pg.Client, service: ServiceName) => Promise<T>,
): Promise<T[]> {
  return Promise.all(
    SERVICES.map((service) => withDatabase(service, urls[service], (client) => work(client, service))),
  );
}

export function statementsOf(client: pg.Client): Pick<Statements, 'query' | 'execute'> {
  return {
    query: async <Row>(sql: string, values: unknown[] = []) =>
      (await client.query(sql, values)).rows as Row[],
    execute: async (sql, values = []) => (await client.query(sql, values)).rowCount ?? 0,
  };
}

/** PostgreSQL's message may quote what was sent; its code does not. */
function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : 'no answer';
}
