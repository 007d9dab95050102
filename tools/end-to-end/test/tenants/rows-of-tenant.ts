import { SERVICES } from '@heed/contracts';
import { systemClock } from '@heed/kernel';
import pg from 'pg';
import { type SixServices } from '../world/six-services.js';
import { walledTables } from './walled-tables.js';

/** How many rows a tenant has in each table of all twelve databases, and a digest of what they say. */
export async function rowsOfTenant(six: SixServices, tenantId: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const databases = SERVICES.flatMap((name) => [
    { name: `${name}`, url: six.cluster.database(name).superuserUrl },
    { name: `${name} keys`, url: six.cluster.keysDatabase(name).superuserUrl },
  ]);
  for (const { name, url } of databases) {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      const tables = (await walledTables(client)).filter(({ partition }) => !partition);
      const each = tables.map(
        ({ name: table }) =>
          `select '${table}' as name, count(*) || ' ' || md5(coalesce(string_agg(t::text, '' order by t::text), '')) as said
           from ${table} t where tenant_id = $1`,
      );
      const { rows } = await client.query<{ name: string; said: string }>(each.join(' union all '), [
        tenantId,
      ]);
      for (const { name: table, said } of rows) found[`${name} ${table}`] = said;
    } finally {
      await client.end();
    }
  }
  return found;
}

/** The same, once what goes on behind the answers has come to rest. */
export async function restingRowsOfTenant(
  six: SixServices,
  tenantId: string,
): Promise<Record<string, string>> {
  let last = await rowsOfTenant(six, tenantId);
  for (;;) {
    await systemClock.wait(500);
    const now = await rowsOfTenant(six, tenantId);
    if (JSON.stringify(now) === JSON.stringify(last)) return now;
    last = now;
  }
}
