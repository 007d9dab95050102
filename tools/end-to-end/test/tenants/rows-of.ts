import { type ServiceName } from '@heed/contracts';
import pg from 'pg';
import { type SixServices } from '../world/six-services.js';

/** What is there, whosever it is: as PostgreSQL's superuser. */
export async function rowsOf<R extends object>(
  six: SixServices,
  service: ServiceName,
  sql: string,
  parameters: unknown[] = [],
): Promise<R[]> {
  const client = new pg.Client({ connectionString: six.cluster.database(service).superuserUrl });
  await client.connect();
  try {
    return (await client.query<R>(sql, parameters)).rows;
  } finally {
    await client.end();
  }
}
