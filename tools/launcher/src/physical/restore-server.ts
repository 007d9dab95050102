import { chownSync, existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import {
  finishRestore,
  restoredBeside,
  runServer,
  stopLeftOver,
  stopServer,
  type ServerPlace,
} from '../parts/embedded-postgres.js';
import { copyFile, makeFolders, syncAll } from './copy-files.js';
import { type ServerCopy } from './copy-server.js';

export interface RestoreServerOptions {
  /** The files of the server in the backup. */
  from: string;
  /** Of the superuser in it. */
  password: string;
  logFile: string;
  /** For tests: nothing is synced to disk. */
  throwAway?: boolean;
  /** What must be written into the databases before anybody may come to them. */
  mark: (superuserUrl: string) => Promise<void>;
  now: Date;
}

/** Recovery reads as much of the log as was written while the files were copied. */
const RECOVERY_MS = 3_600_000;

/**
 * Recovers the copy beside the databases that are there, marks it, and only then puts it in their place: killed at any
 * point, either they are there as they were, or it is, marked. Answers where they have been put.
 */
export async function restoreServer(
  place: ServerPlace,
  copy: ServerCopy,
  options: RestoreServerOptions,
): Promise<string | undefined> {
  const { dataDir } = place;
  const [restoring, restored] = [`${dataDir}.restoring`, restoredBeside(dataDir)];
  finishRestore(dataDir);
  await stopLeftOver(restoring);
  for (const left of [restoring, restored]) rmSync(left, { recursive: true, force: true });
  await layOut(place, copy, options, restoring);
  await recover(place, options, restoring);
  renameSync(restoring, restored);
  await syncAll(restored, [], []);
  const aside = `${dataDir}.replaced-${options.now.toISOString().replace(/[:.]/g, '-')}`;
  const had = existsSync(dataDir);
  if (had) renameSync(dataDir, aside);
  // Whoever is killed here: the next start does it.
  finishRestore(dataDir);
  await syncAll(dataDir, [], []);
  return had ? aside : undefined;
}

async function layOut(
  { user }: ServerPlace,
  { folders, files }: ServerCopy,
  { from, throwAway }: RestoreServerOptions,
  restoring: string,
): Promise<void> {
  await makeFolders(restoring, ['', ...folders]);
  for (const { path, sha256 } of files) {
    const copied = await copyFile(from, restoring, path);
    if (copied?.sha256 !== sha256) throw new Error(`${join(from, path)} has changed under the restore`);
  }
  const paths = files.map(({ path }) => path);
  if (!throwAway) await syncAll(restoring, paths, folders);
  if (user.uid === undefined || user.gid === undefined) return;
  for (const path of ['', ...folders, ...paths]) chownSync(join(restoring, path), user.uid, user.gid);
}

async function recover(place: ServerPlace, options: RestoreServerOptions, restoring: string): Promise<void> {
  const { password, logFile, throwAway, mark } = options;
  const { port, pid } = await runServer(place, {
    ...{ dataDir: restoring, logFile, throwAway, patienceMs: RECOVERY_MS },
  });
  try {
    const url = `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
    await mark(url);
    const client = new pg.Client({ connectionString: url, application_name: 'heed restore' });
    client.on('error', () => undefined);
    await client.connect();
    // The one that this installation knows, where that has been made anew since.
    await client.query(`alter role postgres password ${pg.escapeLiteral(place.password)}`);
    await client.query('checkpoint');
    await client.end();
  } finally {
    await stopServer(pid);
  }
}
