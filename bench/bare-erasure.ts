import { type ServiceName } from '@heed/contracts';
import pg from 'pg';
import { percentiles } from '../tools/story/src/measure/percentiles.js';
import { type Town } from './place.js';

/** Where a campaign leaves rows of people. */
const SERVICES: readonly ServiceName[] = ['contacts', 'campaigns', 'messaging', 'telephony'];
const AT_ONCE = 500;

interface FencedTable {
  name: string;
  subject: string;
}

interface Store {
  client: pg.Client;
  tables: FencedTable[];
}

/**
 * The bare thing behind an erasure: plain deletes of the same people's rows in the same tables, and the fence lowered,
 * one transaction for each database. No orders, no receipts, no probes, no log. Others than those who were erased.
 */
export async function bareErasure(
  { stage, cast: { tenantId } }: Town,
  many: readonly string[],
  few: readonly string[],
): Promise<{ perSecond: number; aloneMs: number; tables: number }> {
  const stores = await Promise.all(
    SERVICES.map(async (service): Promise<Store> => {
      const url = new URL(stage.cluster.run.postgres);
      url.pathname = `/heed_${service}`;
      const client = new pg.Client({ connectionString: url.href });
      await client.connect();
      return { client, tables: await fencedTables(client) };
    }),
  );
  const idsOf = async (emails: readonly string[]): Promise<string[]> => {
    const { rows } = await stores[0]!.client.query<{ id: string }>(
      `select contact_id as id from endpoint where tenant_id = $1 and channel = 'email' and address = any ($2::text[])`,
      [tenantId, emails],
    );
    if (rows.length !== emails.length) throw new Error(`${emails.length} people, ${rows.length} found`);
    return rows.map(({ id }) => id).sort();
  };
  try {
    const alone: number[] = [];
    for (const id of await idsOf(few)) alone.push(await erased(stores, tenantId, [id]));
    const ids = await idsOf(many);
    let ms = 0;
    for (let at = 0; at < ids.length; at += AT_ONCE)
      ms += await erased(stores, tenantId, ids.slice(at, at + AT_ONCE));
    return {
      perSecond: (ids.length * 1_000) / ms,
      aloneMs: percentiles(alone).p50,
      tables: stores.flatMap(({ tables }) => tables).length,
    };
  } finally {
    await Promise.all(stores.map(({ client }) => client.end()));
  }
}

/** Milliseconds that it takes, one database after the other. */
async function erased(stores: readonly Store[], tenantId: string, ids: readonly string[]): Promise<number> {
  const begun = performance.now();
  for (const { client, tables } of stores) {
    await client.query('begin');
    for (const { name, subject } of tables)
      await client.query(`delete from ${name} where tenant_id = $1 and ${subject} = any ($2::uuid[])`, [
        tenantId,
        ids,
      ]);
    await client.query(
      'update heed.subject set live = false where tenant_id = $1 and subject_id = any ($2::uuid[])',
      [tenantId, ids],
    );
    await client.query('commit');
  }
  return performance.now() - begun;
}

/** Every table under the fence, those that refer to others first. */
async function fencedTables(client: pg.Client): Promise<FencedTable[]> {
  const { rows } = await client.query<FencedTable & { oid: number; refers: number[] }>(
    `select c.conrelid as oid, c.conrelid::regclass::text as name,
       (select attname from pg_attribute where attrelid = c.conrelid and attnum = c.conkey[2]) as subject,
       array(select f.confrelid::bigint::int from pg_constraint f
         where f.conrelid = c.conrelid and f.contype = 'f' and f.confrelid <> f.conrelid) as refers
     from pg_constraint c
     where c.contype = 'f' and c.confrelid = 'heed.subject'::regclass and c.conparentid = 0
       and cardinality(c.conkey) = 3`,
  );
  const ordered: FencedTable[] = [];
  let left = rows;
  while (left.length > 0) {
    const free = left.filter(({ oid }) => !left.some(({ refers }) => refers.includes(oid)));
    if (free.length === 0) throw new Error('tables under the fence refer to each other in a circle');
    ordered.push(...free);
    left = left.filter((table) => !free.includes(table));
  }
  return ordered;
}
