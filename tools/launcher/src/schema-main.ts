import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkCatalogue, type Manifest } from '@heed/data-map';
import { connectionUrl, databasesOf, schemaDump } from '@heed/postgres';
import pg from 'pg';
import { mainOf, migrateAll, provisionAll } from './cluster/databases.js';
import { secretsIn, type Secrets } from './cluster/secrets.js';
import { migrationSettings, serverAddress } from './cluster/service-settings.js';
import { serviceNames, type ServiceName } from './cluster/services.js';
import { workPlace } from './flags.js';
import { resolvePostgres, type PostgresPart } from './parts/postgres.js';
import { output } from './processes/processes.js';

/**
 * `npm run schema [-- contacts …]`: writes services/<name>/schema.sql from databases that all migrations have made; `--check` changes
 * nothing and fails where a committed one differs. Either way the data map of each service is held against those
 * databases: what nobody declared, no erasure would find (I4).
 */
const { values, positionals } = parseArgs({
  options: { check: { type: 'boolean' } },
  allowPositionals: true,
});
const wanted = serviceNames.filter((name) => !positionals.length || positionals.includes(name));
const { root } = workPlace();
const dataDir = join(root, '.heed', `schema-${process.pid}`);
mkdirSync(dataDir, { recursive: true, mode: 0o711 });
const complaints: string[] = [];

const postgres = await resolvePostgres({
  dataDir: join(dataDir, 'postgres'),
  logFile: join(dataDir, 'postgres.log'),
  // Always a server of its own: on a given one other databases have these names.
  env: { PATH: process.env.PATH },
  throwAway: true,
});
try {
  const secrets = secretsIn(join(dataDir, 'keys'));
  await provisionAll(postgres.url, secrets);
  const settings = (service: ServiceName) =>
    migrationSettings(service, { postgres, secrets, dataDir, env: process.env });
  await migrateAll({ root, dataDir, postgres, settings, signal: AbortSignal.timeout(300_000) });
  for (const service of wanted) await look(service, postgres, secrets);
} finally {
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
for (const complaint of complaints) console.error(complaint);
process.exitCode = complaints.length ? 1 : 0;

async function look(service: ServiceName, server: PostgresPart, secrets: Secrets): Promise<void> {
  const url = `postgres://${serverAddress(server)}/${databasesOf(service).main}`;
  const passwords = secrets.databases[service];
  const client = new pg.Client({
    connectionString: connectionUrl(url, { service, role: 'probe', passwords }),
  });
  await client.connect();
  try {
    keepSchema(service, await schemaDump(client));
    const manifest = JSON.parse(
      await output(process.execPath, [mainOf(root, service), 'manifest']),
    ) as Manifest;
    for (const { code, where, message } of await checkCatalogue(client, manifest)) {
      complaints.push(`${service}: ${code} ${where} ${message}`);
    }
  } finally {
    await client.end();
  }
}

function keepSchema(service: ServiceName, schema: string): void {
  const file = join(root, 'services', service, 'schema.sql');
  const committed = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (committed === schema) return;
  if (values.check) {
    complaints.push(`services/${service}/schema.sql is not what the migrations make: npm run schema`);
  } else {
    writeFileSync(file, schema);
    console.log(`written: services/${service}/schema.sql`);
  }
}
