import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type MigrationSource } from '@heed/postgres';
import { type ServiceName } from '../cluster/services.js';

/** What makes the schema of a service's database. Loads every lib of a service, and so only where it is asked for. */
export async function migrationsOfDatabase(
  root: string,
  service: ServiceName,
  kind: 'main' | 'keys',
): Promise<readonly MigrationSource[]> {
  const { migrationsOf, migrationsOfKeys } = await import('@heed/service');
  if (kind === 'keys') return migrationsOfKeys;
  const folder = pathToFileURL(`${join(root, 'services', service, 'migrations')}/`);
  return migrationsOf({ name: service, migrations: folder });
}
