import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openObjectStore } from '@heed/objects';
import { databasesOf } from '@heed/postgres';
import pg from 'pg';
import { objectPrefixes } from '../backup/backup.js';
import { restoreObjects } from '../backup/copy-objects.js';
import { demandCursors } from '../backup/demand-log.js';
import { superuserUrl } from '../backup/installation.js';
import { markRestored } from '../backup/mark-restored.js';
import { migrationsOfDatabase } from '../backup/migrations-of-database.js';
import { demandKnown } from '../backup/restore.js';
import { type ServiceName } from '../cluster/services.js';
import { postgresMajor } from '../parts/postgres-settings.js';
import { type Steps } from '../steps.js';
import { removeReplaced } from './physical-backup.js';
import { objectsIn, PASSWORD, readPhysicalRecord, SERVER, type PhysicalRecord } from './physical-record.js';
import { restoreServer } from './restore-server.js';
import { type StillInstallation } from './still-installation.js';

/** As long as such a copy may be declared to live: what is put aside may be older than that by nobody's leave. */
const ASIDE_DAYS = 7;

/** Everything that can be refused is refused here, before anything is touched. */
export async function planPhysicalRestore(
  still: StillInstallation,
  options: { root: string; from: string; althoughTooOld: boolean; now: Date },
): Promise<PhysicalRecord> {
  const { root, from, althoughTooOld, now } = options;
  const record = await readPhysicalRecord(from, { key: still.backupKey, now });
  if (record.server.major !== postgresMajor) {
    throw new Error(`the backup is of PostgreSQL ${record.server.major}, and here is ${postgresMajor}`);
  }
  const all = record.services.map(({ service }) => service);
  for (const { service, migrations, cursors } of record.services) {
    for (const kind of ['main', 'keys'] as const) {
      const known = await migrationsOfDatabase(root, service, kind);
      await demandKnown({ service, database: { migrations: migrations[kind] } }, known);
    }
    if (althoughTooOld) continue;
    const { takenAt } = record;
    await demandCursors({ kafka: still.kafka, postgresUrl: '' }, all, { service, takenAt }, cursors);
  }
  return record;
}

/** Answers where the databases that were there lie now. */
export async function restorePhysically(
  still: StillInstallation,
  { root, from, steps, now }: { root: string; from: string; steps: Steps; now: Date },
  record: PhysicalRecord,
): Promise<string | undefined> {
  const { place, dataDir } = still;
  const services = record.services.map(({ service }) => service);
  // Which migrations had been applied is known of the databases that go: the next start looks again.
  rmSync(join(dataDir, 'migrated.json'), { force: true });
  const aside = await steps.run(
    'server',
    () =>
      restoreServer(place, record.server, {
        from: join(from, SERVER),
        password: readFileSync(join(from, PASSWORD), 'utf8'),
        logFile: join(dataDir, 'logs', 'postgres.log'),
        mark: (url) => markAll(url, services, record.takenAt),
        now,
      }),
    () => `recovered as it was at ${record.takenAt}, and every service in quarantine`,
  );
  const store = await openObjectStore(still.objectsUrl);
  for (const { service, objects } of record.services) {
    await restoreObjects(store, await objectPrefixes(root, service), join(from, objectsIn(service)), objects);
  }
  for (const old of removeReplaced(place.dataDir, ASIDE_DAYS, now))
    steps.say(`removed ${old}: it was too old`);
  return aside;
}

/** The same that a logical restore leaves: silent from the first start on. */
export async function markAll(url: string, services: readonly ServiceName[], takenAt: string): Promise<void> {
  for (const service of services) {
    const client = new pg.Client({
      connectionString: superuserUrl({ postgresUrl: url }, databasesOf(service).main),
      application_name: 'heed restore',
    });
    client.on('error', () => undefined);
    await client.connect();
    await markRestored(client, { takenAt }).finally(() => client.end());
  }
}
