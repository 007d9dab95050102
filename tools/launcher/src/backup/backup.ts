import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openObjectStore } from '@heed/objects';
import { databasesOf, provision } from '@heed/postgres';
import { mainOf } from '../cluster/databases.js';
import { serviceNames, type ServiceName } from '../cluster/services.js';
import { output } from '../processes/processes.js';
import { type Steps } from '../steps.js';
import { writeRecord, type BackupRecord } from './backup-record.js';
import { copyObjects } from './copy-objects.js';
import { dumpDatabase } from './dump-database.js';
import { roleUrl, type Installation } from './installation.js';

export interface BackupOptions {
  root: string;
  /** Where the backup's folder is made. */
  to: string;
  /** Where the copies of the databases of keys go: never beside what they open (ATTACKS 5.4). */
  keysTo: string;
  steps: Steps;
  now: Date;
}

/** Bodies of the erased die with their keys: the last copy of a key dies this long after it. */
export const KEYS_KEPT_DAYS = 7;
const DAY_MS = 86_400_000;

/** Copies every store of the six services while they serve. Answers the two folders. */
export async function backUp(
  installation: Installation,
  options: BackupOptions,
): Promise<{ main: string; keys: string }> {
  const { to, keysTo, steps, now } = options;
  const backupId = now.toISOString().replace(/[:.]/g, '-');
  const main = join(to, backupId);
  const keys = join(keysTo, backupId);
  if (existsSync(main) || existsSync(keys)) throw new Error(`${main} or ${keys} exists`);
  // Under another name until it is whole: what was interrupted must not pass for a backup.
  const half = { main: `${main}.half`, keys: `${keys}.half` };
  for (const folder of Object.values(half)) mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const service of serviceNames) {
    await steps.run(
      service,
      () => backUpService(installation, options, service, backupId, half),
      ({ rows, objects }) => `${rows} rows, ${objects} objects`,
    );
  }
  renameSync(half.keys, keys);
  renameSync(half.main, main);
  for (const old of expiredIn(keysTo, KEYS_KEPT_DAYS, now)) {
    rmSync(join(keysTo, old), { recursive: true, force: true });
    steps.say(`removed the keys of ${old}: they are kept ${KEYS_KEPT_DAYS} days`);
  }
  return { main, keys };
}

async function backUpService(
  installation: Installation,
  { root }: BackupOptions,
  service: ServiceName,
  backupId: string,
  half: { main: string; keys: string },
): Promise<{ rows: number; objects: number }> {
  const { secrets, postgresUrl, backupKey } = installation;
  // A database of an earlier version may not have the role for backups yet.
  await provision({ superuserUrl: postgresUrl, service, passwords: secrets.databases[service] });
  const common = { format: 'heed-backup/1', service, backupId, takenAt: new Date().toISOString() } as const;
  const folders = { main: join(half.main, service), keys: join(half.keys, service) };
  const database = await dumpDatabase(
    roleUrl(installation, service, 'backup'),
    join(folders.main, 'database'),
  );
  const store = await openObjectStore(installation.objectsUrl);
  // After the rows: an object's row is there before the object, one without an object is found missing and said so.
  const objects = await copyObjects(
    store,
    await objectPrefixes(root, service),
    join(folders.main, 'objects'),
  );
  const record: BackupRecord = { ...common, kind: 'main', database, objects };
  // Keys last: a body that is in the backup has its key there, since the key is made first.
  const keys = await dumpDatabase(
    roleUrl(installation, service, 'backup', databasesOf(service).keys),
    join(folders.keys, 'database'),
  );
  writeRecord(folders.keys, { ...common, kind: 'keys', database: keys, objects: [] }, backupKey);
  writeRecord(folders.main, record, backupKey);
  const rows = [...database.tables, ...keys.tables].reduce((sum, table) => sum + table.rows, 0);
  return { rows, objects: objects.length };
}

/** Where a service's objects lie, by its own manifest. */
export async function objectPrefixes(root: string, service: ServiceName): Promise<string[]> {
  const manifest = JSON.parse(await output(process.execPath, [mainOf(root, service), 'manifest'])) as {
    stores: { kind: string; name: string }[];
  };
  return manifest.stores.filter(({ kind }) => kind === 'object').map(({ name }) => `${name}/`.toLowerCase());
}

/** Backups in a folder that are older, also such as were never finished. */
export function expiredIn(folder: string, days: number, now: Date): string[] {
  const oldest = new Date(now.getTime() - days * DAY_MS).toISOString().replace(/[:.]/g, '-');
  // Names of the form that `backUp` gives, and only these: whatever else lies there is not ours to remove.
  return readdirSync(folder).filter(
    (name) => /^\d{4}-\d\d-\d\dT[\d-]+Z(\.half)?$/.test(name) && name < oldest,
  );
}
