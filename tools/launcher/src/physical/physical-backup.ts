import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { openObjectStore } from '@heed/objects';
import { databasesOf } from '@heed/postgres';
import pg from 'pg';
import { expiredIn, objectPrefixes } from '../backup/backup.js';
import { migrationsIn } from '../backup/catalogue.js';
import { copyObjects } from '../backup/copy-objects.js';
import { type CursorThen } from '../backup/demand-log.js';
import { superuserUrl, type Installation } from '../backup/installation.js';
import { serviceNames, type ServiceName } from '../cluster/services.js';
import { serverPlace } from '../parts/embedded-postgres.js';
import { type Steps } from '../steps.js';
import { syncAll, writeFile } from './copy-files.js';
import { copyServer } from './copy-server.js';
import { declaredDays, type ManifestWithCopies } from './declared-days.js';
import { objectsIn, PASSWORD, SERVER, writePhysicalRecord, type ServiceInCopy } from './physical-record.js';
import { demandOwnServer } from './still-installation.js';

export interface PhysicalBackupOptions {
  root: string;
  /** Where the backup's folder is made. */
  to: string;
  /** The name under which every service declares it (HEED_COPIES). */
  declaredAs: string;
  steps: Steps;
  now: Date;
}

const DAY_MS = 86_400_000;

/** Copies the server of the six services, while they write to it, and then the objects that its rows name. */
export async function backUpPhysically(
  installation: Installation,
  options: PhysicalBackupOptions,
): Promise<{ folder: string; expiresAt: string }> {
  const { root, to, steps, now } = options;
  demandOwnServer(installation.dataDir, process.env);
  const days = declaredDays(await manifestsOf(installation), options.declaredAs);
  const expiresAt = new Date(now.getTime() + days * DAY_MS).toISOString();
  const backupId = now.toISOString().replace(/[:.]/g, '-');
  const folder = join(to, backupId);
  if (existsSync(folder)) throw new Error(`${folder} exists`);
  // Under another name until it is whole: what was interrupted must not pass for a backup.
  const half = `${folder}.half`;
  mkdirSync(half, { recursive: true, mode: 0o700 });
  try {
    // Before the copy: what consumers have read since is more.
    const then = await Promise.all(serviceNames.map((service) => stateOf(installation, service)));
    const server = await steps.run(
      'server',
      () => copyServer(installation.postgresUrl, join(half, SERVER), { label: `heed ${backupId}` }),
      ({ files }) => `${files.length} files, ${megabytes(files)} MB`,
    );
    const { password } = serverPlace(join(installation.dataDir, 'postgres'));
    writeFile(half, PASSWORD, password);
    const services: ServiceInCopy[] = [];
    const store = await openObjectStore(installation.objectsUrl);
    for (const state of then) {
      // After the rows: an object's row is there before the object.
      const prefixes = await objectPrefixes(root, state.service);
      services.push({
        ...state,
        objects: await copyObjects(store, prefixes, join(half, objectsIn(state.service))),
      });
    }
    steps.say(`${services.reduce((sum, { objects }) => sum + objects.length, 0)} objects`);
    const record = { backupId, takenAt: server.takenAt, expiresAt, server, services };
    writePhysicalRecord(half, { format: 'heed-physical-backup/1', ...record }, installation.backupKey);
    await syncAll(half, readdirSync(half), []);
    renameSync(half, folder);
  } catch (error) {
    rmSync(half, { recursive: true, force: true });
    throw error;
  }
  for (const old of expiredIn(to, days, now)) {
    rmSync(join(to, old), { recursive: true, force: true });
    steps.say(`removed ${old}: such backups are kept ${days} days`);
  }
  const { dataDir } = serverPlace(join(installation.dataDir, 'postgres'));
  for (const old of removeReplaced(dataDir, days, now))
    steps.say(`removed ${old}, which a restore had put aside`);
  return { folder, expiresAt };
}

/** What a restore has put aside is such a copy too, and lives no longer. */
export function removeReplaced(dataDir: string, days: number, now: Date): string[] {
  const parent = dirname(dataDir);
  const prefix = `${basename(dataDir)}.replaced-`;
  const oldest = new Date(now.getTime() - days * DAY_MS).toISOString().replace(/[:.]/g, '-');
  const old = readdirSync(parent).filter(
    (name) => name.startsWith(prefix) && name.slice(prefix.length) < oldest,
  );
  for (const name of old) rmSync(join(parent, name), { recursive: true, force: true });
  return old.map((name) => join(parent, name));
}

function megabytes(files: readonly { bytes: number }[]): number {
  return Math.round(files.reduce((sum, { bytes }) => sum + bytes, 0) / 2 ** 20);
}

/** As privacy has them from the services: it is these that certificates are made of. */
async function manifestsOf(installation: Installation): Promise<ManifestWithCopies[]> {
  const newest = `select distinct on (service) service, convert_from(content, 'UTF8') as content
    from manifest where service = any ($1) order by service, seen_at desc, version`;
  const rows = await inDatabase(installation, databasesOf('privacy').main, async (client) => {
    return (await client.query<{ service: string; content: string }>(newest, [serviceNames])).rows;
  });
  const known = new Map(rows.map(({ service, content }) => [service, content]));
  return serviceNames.map((service) => {
    const { stores = [] } = JSON.parse(known.get(service) ?? '{}') as Partial<ManifestWithCopies>;
    return { service, stores };
  });
}

async function stateOf(
  installation: Installation,
  service: ServiceName,
): Promise<Omit<ServiceInCopy, 'objects'>> {
  const { main, keys } = databasesOf(service);
  const [ofMain, ofKeys] = await Promise.all([
    inDatabase(installation, main, async (client) => ({
      migrations: await migrationsIn(client),
      cursors: await cursorsIn(client),
    })),
    inDatabase(installation, keys, (client) => migrationsIn(client)),
  ]);
  return { service, migrations: { main: ofMain.migrations, keys: ofKeys }, cursors: ofMain.cursors };
}

async function cursorsIn(client: pg.Client): Promise<CursorThen[]> {
  const { rows } = await client.query<CursorThen>(
    'select consumer, topic, partition, position from heed.inbox_cursor order by 1, 2, 3',
  );
  return rows;
}

async function inDatabase<T>(
  installation: Installation,
  database: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    connectionString: superuserUrl(installation, database),
    application_name: 'heed backup',
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
