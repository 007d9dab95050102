import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { schemaDump } from '@heed/postgres';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { Checksum } from './checksum.js';
import { contentsOf, migrationsIn, ONE_FORM, type AppliedMigration, type Contents } from './catalogue.js';

export interface TableFile {
  schema: string;
  name: string;
  columns: string[];
  file: string;
  rows: number;
  sha256: string;
}

/** One database, copied: its rows as text, and what is needed to make it again. */
export interface DatabaseCopy {
  /** Which server: positions in the outboxes of its databases mean nothing on another one. */
  system: string;
  migrations: AppliedMigration[];
  /** Of the schema as `npm run schema` writes it. */
  schemaSha256: string;
  partitions: Contents['partitions'];
  sequences: Contents['sequences'];
  tables: TableFile[];
}

/**
 * Copies a database as its role for backups, in one snapshot: every row belongs to the same moment, whatever is written
 * meanwhile. Sequences stand outside of snapshots and may be ahead, which harms nobody.
 */
export async function dumpDatabase(url: string, folder: string): Promise<DatabaseCopy> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const client = new pg.Client({ connectionString: url, application_name: 'heed backup' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(ONE_FORM);
    await client.query('begin isolation level repeatable read, read only');
    const { rows } = await client.query<{ system: string }>(
      `select system_identifier::text as system from pg_control_system()`,
    );
    const { tables, partitions, sequences } = await contentsOf(client);
    const migrations = await migrationsIn(client);
    const schemaSha256 = Checksum.of(await schemaDump(client));
    const files: TableFile[] = [];
    for (const { schema, name, columns } of tables) {
      const file = `${schema}.${name}.copy.gz`;
      const list = columns.map((column) => pg.escapeIdentifier(column)).join(', ');
      const table = `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`;
      const copied = await written(
        client,
        `copy (select ${list} from ${table}) to stdout`,
        join(folder, file),
      );
      files.push({ schema, name, columns, file, ...copied });
    }
    await client.query('commit');
    return { system: rows[0]?.system ?? '', migrations, schemaSha256, partitions, sequences, tables: files };
  } finally {
    await client.end();
  }
}

async function written(
  client: pg.Client,
  copy: string,
  path: string,
): Promise<{ rows: number; sha256: string }> {
  let rows = 0;
  // In COPY's text a row is a line: breaks within values are escaped.
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) rows += 1;
      done(null, chunk);
    },
  });
  const checksum = new Checksum();
  await pipeline(
    client.query(copyTo(copy)),
    count,
    createGzip({ level: 1 }),
    checksum,
    createWriteStream(path, { mode: 0o600, flush: true }),
  );
  return { rows, sha256: checksum.hex() };
}
