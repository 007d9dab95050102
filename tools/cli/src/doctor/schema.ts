import { type ServiceName } from '@heed/contracts';
import type pg from 'pg';
import { loadMigrations } from '@heed/postgres';
import { when, type Finding } from './finding.js';

/** Whether the database has the migrations of the code beside this command line: no more, no less, none altered. */
export async function schemaFindings(service: ServiceName, client: pg.Client): Promise<Finding[]> {
  const { rows } = await client.query<{ source: string; name: string; breaking: boolean }>(
    'select source, name, breaking from heed.migration',
  );
  const known = await migrationsInCode(service);
  const applied = new Set(rows.map(({ source, name }) => `${source}/${name}`));
  const missing = [...known].filter((name) => !applied.has(name));
  const newer = rows.filter(({ source, name }) => !known.has(`${source}/${name}`));
  const names = newer.map(({ source, name }) => `${source}/${name}`);
  const breaking = newer.some((migration) => migration.breaking);
  return [
    when(
      missing.length > 0,
      'error',
      `${service} migrations`,
      missing.length > 0 ? `lacks ${missing.join(', ')}` : `${applied.size} applied`,
      {
        why: 'I4: the service refuses to start on a schema that it does not know',
        cure: `node services/${service}/dist/main.js migrate, as the owner`,
      },
    ),
    when(
      newer.length > 0,
      breaking ? 'error' : 'warning',
      `${service} schema of a later version`,
      names.join(', ') || 'none',
      {
        why: breaking
          ? 'a breaking migration is applied: this version refuses to start'
          : 'an older version than the database runs here',
        cure: 'bring the code to the version of the schema',
      },
    ),
  ];
}

/** `<source>/<file>` of all that the service's code would apply. Loaded here: it brings all that a service is made of. */
async function migrationsInCode(service: ServiceName): Promise<Set<string>> {
  const { migrationsOf } = await import('@heed/service');
  const own = new URL(`../../../../services/${service}/migrations/`, import.meta.url);
  const migrations = await loadMigrations(migrationsOf({ name: service, migrations: own }));
  return new Set(migrations.map(({ source, name }) => `${source}/${name}`));
}
