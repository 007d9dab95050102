import { randomBytes, randomUUID } from 'node:crypto';
import type pg from 'pg';

interface Column {
  name: string;
  type: string;
  /** Filled by PostgreSQL itself. */
  generated: boolean;
}

/**
 * A row of a table, made of nothing but its column types, for the superuser of a database of the spec's own: foreign
 * keys and triggers rest, and what CHECKs say about values is dropped beforehand (`dropChecks`).
 */
export async function addAnyRow(client: pg.Client, table: string, tenantId: string, at: Date): Promise<void> {
  const columns = (await columnsOf(client, table)).filter(({ generated }) => !generated);
  const values = columns.map(({ name, type }) => (name === 'tenant_id' ? tenantId : anyValue(type, at)));
  const places = columns.map(({ type }, index) => `$${index + 1}::${type}`);
  await client.query("set session_replication_role = 'replica'");
  await client.query(
    `insert into ${table} (${columns.map(({ name }) => `"${name}"`).join(', ')}) overriding system value
     values (${places.join(', ')})`,
    values,
  );
  await client.query('reset session_replication_role');
}

export async function dropChecks(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ statement: string }>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as statement
     from pg_constraint where contype = 'c' and conrelid <> 0 and coninhcount = 0`,
  );
  for (const { statement } of rows) await client.query(statement);
}

async function columnsOf(client: pg.Client, table: string): Promise<Column[]> {
  const { rows } = await client.query<Column>(
    `select attname::text as name, format_type(atttypid, null) as type, attgenerated <> '' as generated
     from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
    [table],
  );
  return rows;
}

function anyValue(type: string, at: Date): unknown {
  if (type.endsWith('[]')) return [];
  switch (type) {
    case 'uuid':
      return randomUUID();
    case 'boolean':
      return false;
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'numeric':
    case 'real':
    case 'double precision':
    case 'xid8':
      return '1';
    case 'timestamp with time zone':
      return at;
    case 'date':
      return at.toISOString().slice(0, 10);
    case 'bytea':
      return randomBytes(32);
    case 'jsonb':
    case 'json':
      return '{}';
    default:
      return randomBytes(8).toString('hex');
  }
}
