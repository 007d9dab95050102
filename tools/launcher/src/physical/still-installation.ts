import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { SigningKey } from '@heed/kernel';
import { brokerOf, type Installation } from '../backup/installation.js';
import { lockFolder, lockHolder } from '../cluster/lock.js';
import { madeWith } from '../cluster/made-with.js';
import { stopLeftOverServices } from '../cluster/run-file.js';
import { serverPlace, stopLeftOver, type ServerPlace } from '../parts/embedded-postgres.js';
import { resolveObjects } from '../parts/objects.js';

/** An installation of which nothing runs, and whose server may be too broken to. */
export interface StillInstallation extends Pick<
  Installation,
  'dataDir' | 'objectsUrl' | 'backupKey' | 'kafka'
> {
  place: ServerPlace;
  close(): Promise<void>;
}

export async function openStill(dataDir: string, env: NodeJS.ProcessEnv): Promise<StillInstallation> {
  demandOwnServer(dataDir, env);
  const launcher = await lockHolder(dataDir);
  if (launcher !== undefined) {
    throw new Error(
      `the server runs (launcher: pid ${launcher}): stop it first (kill ${launcher}); nothing has been changed`,
    );
  }
  mkdirSync(join(dataDir, 'logs'), { recursive: true });
  const unlock = await lockFolder(dataDir);
  try {
    await stopLeftOverServices(dataDir);
    const place = serverPlace(join(dataDir, 'postgres'));
    await stopLeftOver(place.dataDir);
    const broker = brokerOf(dataDir, env);
    return {
      ...{ dataDir, place, kafka: broker.kafka },
      objectsUrl: resolveObjects({ dataDir: join(dataDir, 'objects'), env }).url,
      backupKey: SigningKey.load(join(dataDir, 'keys', 'backup.pem'), { create: false }),
      close: async () => {
        await broker.stop();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Files of a server that somebody else runs are not ours to read, nor to put in place. */
export function demandOwnServer(dataDir: string, env: NodeJS.ProcessEnv): void {
  const kind = env['HEED_POSTGRES_URL'] ? 'given' : madeWith(dataDir)?.postgres;
  if (kind === undefined || kind === 'embedded') return;
  throw new Error(
    'physical backups are made and put back here only of the server that npm start brings: for one of your own take ' +
      'those of PostgreSQL (pg_basebackup) and declare them (HEED_COPIES), or logical ones (npm run backup)',
  );
}
