import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { provision } from '@heed/postgres';
import { type PostgresPart } from '../parts/postgres.js';
import { output } from '../processes/processes.js';
import { readJson, writeJson } from './json-file.js';
import { type Secrets } from './secrets.js';
import { serviceNames, type ServiceName } from './services.js';

/** Logins and databases of all services. Again at every start: a password may have been made anew. */
export async function provisionAll(superuserUrl: string, secrets: Secrets): Promise<void> {
  await Promise.all(
    serviceNames.map((service) =>
      provision({ superuserUrl, service, passwords: secrets.databases[service] }),
    ),
  );
}

export function mainOf(root: string, service: ServiceName): string {
  return join(root, 'services', service, 'dist', 'main.js');
}

/**
 * Each service brings its own databases up to date, as their owner. Six processes cost four seconds of two cores:
 * on databases of our own they are left out while no migration has come or changed since the last run.
 */
export async function migrateAll(input: {
  root: string;
  dataDir: string;
  postgres: PostgresPart;
  settings: (service: ServiceName) => Record<string, string>;
  signal: AbortSignal;
}): Promise<'migrated' | 'nothing new'> {
  const { root, dataDir, postgres, settings, signal } = input;
  const file = join(dataDir, 'migrated.json');
  const state = migrationsIn(root);
  if (postgres.kind === 'embedded' && readJson<{ state: string }>(file)?.state === state)
    return 'nothing new';
  await Promise.all(
    serviceNames.map((service) =>
      output(process.execPath, [mainOf(root, service), 'migrate'], {
        env: settings(service),
        timeoutMs: 120_000,
        signal,
      }).catch((error: unknown) => {
        throw new Error(`${service} does not migrate: ${(error as Error).message}`, { cause: error });
      }),
    ),
  );
  writeJson(file, { state });
  return 'migrated';
}

/** All migrations of the frame and the services, in one hash. */
export function migrationsIn(root: string): string {
  const hash = createHash('sha256');
  for (const kind of ['libs', 'services']) {
    for (const owner of readdirSync(join(root, kind)).sort()) {
      const folder = join(root, kind, owner, 'migrations');
      if (!existsSync(folder)) continue;
      const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
        name.endsWith('.sql'),
      );
      for (const name of files.sort()) {
        hash.update(`${kind}/${owner}/${name}\0`).update(readFileSync(join(folder, name)));
      }
    }
  }
  return hash.digest('hex');
}
