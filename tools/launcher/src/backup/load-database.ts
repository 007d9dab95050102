import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { schemaDump } from '@heed/postgres';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { contentsOf, ONE_FORM } from './catalogue.js';
import { Checksum } from './checksum.js';
import { type DatabaseCopy, type TableFile } from './dump-database.js';
import { forgetOldTransactions } from './old-transactions.js';

/**
 * Fills a database whose schema is that of the copy. As superuser: row-level security and the triggers that guard a
 * tombstone would refuse what was lawful when it was written. Foreign keys, and with them the fence, are held against
 * all rows once these are in: a copy that breaks one is refused.
 */
export async function loadDatabase(url: string, folder: string, copy: DatabaseCopy): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'heed restore' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(ONE_FORM);
    await demandSchema(client, copy);
    await client.query(`begin; set local session_replication_role = replica`);
    // What migrations insert by themselves is in the copy, as it was by then.
    const { tables } = await contentsOf(client);
    await client.query(`truncate ${tables.map(named).join(', ')}`);
    await makePartitions(client, copy);
    for (const table of copy.tables) await loadTable(client, folder, table);
    for (const { schema, name, lastValue } of copy.sequences) {
      await client.query('select setval(format($1, $2::text, $3::text)::regclass, $4::bigint)', [
        '%I.%I',
        schema,
        name,
        lastValue,
      ]);
    }
    await client.query('commit');
    await holdForeignKeys(client);
    await forgetOldTransactions(client, copy.system);
    await client.query('analyze');
  } finally {
    await client.end();
  }
}

async function demandSchema(client: pg.Client, copy: DatabaseCopy): Promise<void> {
  if (Checksum.of(await schemaDump(client)) === copy.schemaSha256) return;
  throw new Error(
    'the migrations that the backup names make another schema than it was taken of: ' +
      'somebody had changed that database by hand, and what of it is in the copy cannot be known',
  );
}

/** Days that were there by then: those that lie in the past no migration makes. */
async function makePartitions(client: pg.Client, { partitions }: DatabaseCopy): Promise<void> {
  const present = new Set((await contentsOf(client)).partitions.map(named));
  for (const partition of partitions.filter((wanted) => !present.has(named(wanted)))) {
    const { parent, bound } = partition;
    const part = named(partition);
    // As heed.ensure_day_partitions makes them.
    await client.query(`create table ${part} (like ${parent} including all excluding identity)`);
    await client.query('select heed.copy_protection($1::regclass, $2::regclass)', [parent, part]);
    await client.query(`alter table ${parent} attach partition ${part} ${bound}`);
  }
}

async function loadTable(client: pg.Client, folder: string, table: TableFile): Promise<void> {
  const columns = table.columns.map((column) => pg.escapeIdentifier(column)).join(', ');
  const into = client.query(copyFrom(`copy ${named(table)} (${columns}) from stdin`));
  await pipeline(createReadStream(join(folder, table.file)), createGunzip(), into);
  if (into.rowCount !== table.rows) {
    throw new Error(`${named(table)}: ${table.rows} rows in the backup, ${into.rowCount} were loaded`);
  }
}

/** Nothing held them while the rows came in; to enforce one anew is to look at every row. */
async function holdForeignKeys(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string; relation: string }>(
    `select conname as name, conrelid::regclass::text as relation from pg_constraint
     where contype = 'f' and conparentid = 0 order by 2, 1`,
  );
  for (const { name, relation } of rows) {
    const key = `alter table ${relation} alter constraint ${pg.escapeIdentifier(name)}`;
    await client.query(`begin; ${key} not enforced; ${key} enforced; commit`);
  }
}

function named({ schema, name }: { schema: string; name: string }): string {
  return `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`;
}
