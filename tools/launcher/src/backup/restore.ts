import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openObjectStore } from '@heed/objects';
import {
  databasesOf,
  keyRolesOf,
  loadMigrations,
  migrate,
  provision,
  provisionDatabase,
  rolesOf,
  type MigrationSource,
} from '@heed/postgres';
import pg from 'pg';
import { type ServiceName } from '../cluster/services.js';
import { type Steps } from '../steps.js';
import { objectPrefixes } from './backup.js';
import { readRecord, servicesIn, type BackupRecord } from './backup-record.js';
import { restoreObjects } from './copy-objects.js';
import { demandLog } from './demand-log.js';
import { superuserUrl, type Installation } from './installation.js';
import { loadDatabase } from './load-database.js';
import { markRestored } from './mark-restored.js';
import { migrationsOfDatabase } from './migrations-of-database.js';

export interface RestoreOptions {
  root: string;
  services: readonly ServiceName[];
  /** A folder that `npm run backup` has made. */
  from: string;
  /** Only where the databases of keys were lost too. */
  keysFrom?: string;
  /** Even where a topic holds no longer what was told since. */
  althoughTooOld?: boolean;
  steps: Steps;
}

/** What would be done to one service, looked through and found whole. */
export interface Plan {
  service: ServiceName;
  parts: { record: BackupRecord; folder: string; database: string; sources: readonly MigrationSource[] }[];
}

/** Everything that can be refused is refused here, before anything is touched. */
export async function planRestore(installation: Installation, options: RestoreOptions): Promise<Plan[]> {
  const { services, from, keysFrom, root } = options;
  const plans: Plan[] = [];
  for (const service of services) {
    if (!servicesIn(from).includes(service)) throw new Error(`${from} holds no backup of ${service}`);
    const pid = await installation.pidOf(service);
    if (pid !== undefined) {
      throw new Error(`${service} runs (pid ${pid}): stop it first (kill ${pid}), nothing has been changed`);
    }
    const wanted: ['main' | 'keys', string][] = [['main', from]];
    if (keysFrom !== undefined) wanted.push(['keys', keysFrom]);
    const parts: Plan['parts'] = [];
    for (const [kind, parent] of wanted) {
      const folder = join(parent, service);
      if (!existsSync(folder)) throw new Error(`${parent} holds nothing of ${service}`);
      const record = await readRecord(folder, { service, kind, key: installation.backupKey });
      const sources = await migrationsOfDatabase(root, service, kind);
      await demandKnown(record, sources);
      if (kind === 'main' && !options.althoughTooOld)
        await demandLog(installation, services, { record, folder });
      parts.push({ record, folder, sources, database: databasesOf(service)[kind] });
    }
    plans.push({ service, parts });
  }
  return plans;
}

/** Databases are made beside those that are there and take their places when whole, so that it can be killed anywhere. */
export async function restore(
  installation: Installation,
  { root, steps }: Pick<RestoreOptions, 'root' | 'steps'>,
  plans: readonly Plan[],
): Promise<void> {
  for (const plan of plans) {
    const told = (): string =>
      `${plan.parts.map(({ database }) => database).join(', ')}: loaded and held against its keys`;
    await steps.run(plan.service, () => prepare(installation, plan), told);
  }
  for (const { service, parts } of plans) {
    for (const { database } of parts) await takePlace(installation, database);
    for (const { record, folder } of parts.filter((part) => part.record.kind === 'main')) {
      const store = await openObjectStore(installation.objectsUrl);
      const prefixes = await objectPrefixes(root, service);
      await restoreObjects(store, prefixes, join(folder, 'objects'), record.objects);
    }
    steps.say(`${service} is as it was at ${parts[0]?.record.takenAt}, and in quarantine`);
  }
}

const restoring = (database: string): string => `${database}_restoring`;

async function prepare(installation: Installation, { service, parts }: Plan): Promise<void> {
  const { postgresUrl, secrets } = installation;
  const passwords = secrets.databases[service];
  // Also where there is nothing yet: logins, and databases to take the place of.
  await provision({ superuserUrl: postgresUrl, service, passwords });
  for (const { record, folder, database, sources } of parts) {
    const name = restoring(database);
    await asSuperuser(installation, 'postgres', (client) =>
      client.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`),
    );
    const roles = record.kind === 'keys' ? keyRolesOf(service) : rolesOf(service);
    await provisionDatabase({ superuserUrl: postgresUrl, service }, name, roles);
    const target = { service, passwords, sources, url: superuserUrl(installation, name) };
    const only = new Set(record.database.migrations.map(({ source, name: file }) => `${source}/${file}`));
    await migrate({ ...target, only });
    await loadDatabase(superuserUrl(installation, name), join(folder, 'database'), record.database);
    // Expand, then contract: what has been added since works on what was there before.
    await migrate(target);
    if (record.kind === 'main') {
      await asSuperuser(installation, name, (client) => markRestored(client, record));
    }
  }
}

/** The old one is gone with it: it is a copy of people's data that no manifest names. */
async function takePlace(installation: Installation, database: string): Promise<void> {
  const [now, next, old] = [database, restoring(database), `${database}_replaced`].map((name) =>
    pg.escapeIdentifier(name),
  );
  await asSuperuser(installation, 'postgres', async (client) => {
    await client.query(`drop database if exists ${old} with (force)`);
    // Nobody may come back between the two: of the embedded bus others read here, and the probe.
    await client.query(`alter database ${now} with allow_connections false`);
    await client.query(
      `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = any ($1)`,
      [[database, restoring(database)]],
    );
    await client.query(
      `begin; alter database ${now} rename to ${old}; alter database ${next} rename to ${now}; commit`,
    );
    await client.query(`drop database ${old} with (force)`);
  });
}

/** A backup of a newer version is refused; one of an older is loaded into its own schema, and then brought up to date. */
export async function demandKnown(
  record: { service: ServiceName; database: Pick<BackupRecord['database'], 'migrations'> },
  sources: readonly MigrationSource[],
): Promise<void> {
  const known = new Map(
    (await loadMigrations(sources)).map(({ source, name, checksum }) => [`${source}/${name}`, checksum]),
  );
  for (const { source, name, checksum } of record.database.migrations) {
    const ours = known.get(`${source}/${name}`);
    if (ours === checksum) continue;
    throw new Error(
      ours === undefined
        ? `the backup of ${record.service} was taken by a newer version (${source}/${name}): restore it with that`
        : `the backup of ${record.service} knows another ${source}/${name} than this version has`,
    );
  }
}

async function asSuperuser(
  installation: Installation,
  database: string,
  work: (client: pg.Client) => Promise<unknown>,
): Promise<void> {
  const client = new pg.Client({
    connectionString: superuserUrl(installation, database),
    application_name: 'heed restore',
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
