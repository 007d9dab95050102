import { SERVICES, type ServiceName } from '@heed/contracts';
import { databasesOf } from '@heed/postgres';
import { withDatabase } from './databases.js';

/** Keys that stand under one master key. */
export interface Wrapped {
  service: ServiceName;
  of: 'subjects' | 'hashes';
  master_key: string;
  keys: number;
}

/** Under which master keys the keys of each service stand, by the databases' own word. */
export async function wrappedKeys(urls: Record<ServiceName, string>): Promise<Wrapped[]> {
  const each = await Promise.all(
    SERVICES.map(async (service) => {
      const keys = new URL(urls[service]);
      keys.pathname = `/${databasesOf(service).keys}`;
      return [
        ...(await countIn(service, 'subjects', keys.href)),
        ...(await countIn(service, 'hashes', urls[service])),
      ];
    }),
  );
  return each.flat();
}

async function countIn(service: ServiceName, of: Wrapped['of'], url: string): Promise<Wrapped[]> {
  const table = of === 'subjects' ? 'heed.subject_key' : 'heed.hash_key';
  return withDatabase(service, url, async (client) => {
    const { rows } = await client.query<{ master_key: string; keys: number }>(
      `select kms_key_id as master_key, count(*)::int as keys from ${table} group by 1 order by 1`,
    );
    return rows.map((row) => ({ service, of, ...row }));
  });
}
