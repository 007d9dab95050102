import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identityOf, stillRuns, type ProcessIdentity } from '../processes/identity.js';

/** Two launchers on one data folder would start two brokers and two servers on the same files. */
export async function lockFolder(folder: string): Promise<() => void> {
  const lock = join(folder, 'lock');
  const own = join(folder, `lock.${process.pid}`);
  const me = await identityOf(process.pid);
  writeFileSync(own, JSON.stringify(me), { mode: 0o600 });
  try {
    for (;;) {
      try {
        // A link is made whole or not at all, and never over an existing one.
        linkSync(own, lock);
        return () => rmSync(lock, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      await takeAway(lock, folder);
    }
  } finally {
    rmSync(own, { force: true });
  }
}

/** Removes the lock of a launcher that is gone; refuses where it lives. */
async function takeAway(lock: string, folder: string): Promise<void> {
  const holder = read(lock);
  if (holder && (await stillRuns(holder))) {
    throw new Error(
      `another launcher (pid ${holder.pid}) works on ${folder}: stop it (Ctrl-C there), or choose another folder with --data`,
    );
  }
  const away = `${lock}.stale-${process.pid}`;
  try {
    renameSync(lock, away);
  } catch {
    return;
  }
  // Between reading and renaming another launcher may have put its own lock there.
  const taken = read(away);
  if (taken && (await stillRuns(taken))) linkSync(away, lock);
  rmSync(away, { force: true });
}

export async function lockHolder(folder: string): Promise<number | undefined> {
  const holder = read(join(folder, 'lock'));
  return holder && (await stillRuns(holder)) ? holder.pid : undefined;
}

function read(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
  } catch {
    return undefined;
  }
}
