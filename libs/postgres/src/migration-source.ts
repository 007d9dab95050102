import { readdir, readFile } from 'node:fs/promises';
import { DomainError, sha256 } from '@heed/kernel';

/** A folder of migrations: `<number>_<what>.sql`, applied in order of name. */
export interface MigrationSource {
  /** Part of each migration's identity: 'frame', 'events', 'contacts'. Never changes. */
  name: string;
  directory: URL;
}

export interface Migration {
  source: string;
  name: string;
  sql: string;
  checksum: string;
  /** An older program cannot work with the schema after it. */
  breaking: boolean;
  reason: string;
}

/** What every database of a service begins with: roles, subjects, the wall, the fence, partitions by day. */
export const frameMigrations: MigrationSource = {
  name: 'frame',
  directory: new URL('../migrations/', import.meta.url),
};

const FIRST_LINE = /^-- breaking: (yes|no) · reason: (\S.*)$/;

/** The frame's migrations, then those of the sources in their order. */
export async function loadMigrations(sources: readonly MigrationSource[]): Promise<Migration[]> {
  const migrations: Migration[] = [];
  for (const source of [frameMigrations, ...sources]) {
    for (const name of (await namesIn(source)).filter((file) => file.endsWith('.sql')).sort()) {
      const sql = await readFile(new URL(name, source.directory), 'utf8');
      const [, breaking, reason] = FIRST_LINE.exec(sql.slice(0, sql.indexOf('\n')).trimEnd()) ?? [];
      if (!breaking || !reason) {
        throw new DomainError('MIGRATION_UNMARKED', 'failed-precondition', {
          message: `${source.name}/${name} must begin with "-- breaking: yes|no · reason: ..."`,
        });
      }
      const checksum = sha256(Buffer.from(sql)).toString('hex');
      migrations.push({ source: source.name, name, sql, checksum, breaking: breaking === 'yes', reason });
    }
  }
  return migrations;
}

async function namesIn(source: MigrationSource): Promise<string[]> {
  try {
    return await readdir(source.directory);
  } catch (error) {
    throw new DomainError('MIGRATIONS_MISSING', 'failed-precondition', {
      message: `no folder of migrations for ${source.name}`,
      cause: error,
    });
  }
}
