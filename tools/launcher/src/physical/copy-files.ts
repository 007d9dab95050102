import { createReadStream, createWriteStream, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, open, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Checksum } from '../backup/checksum.js';

export interface CopiedFile {
  path: string;
  bytes: number;
  sha256: string;
}

/** What is made anew at a start, or belongs to the server that runs; pg_wal is copied by name, afterwards. */
const LEFT_EMPTY = new Set([
  ...['pg_wal', 'pg_replslot', 'pg_dynshmem', 'pg_notify', 'pg_serial', 'pg_snapshots', 'pg_stat_tmp'],
  'pg_subtrans',
]);
const LEFT_OUT =
  /^(postmaster\.(pid|opts)|backup_label(\.old)?|tablespace_map(\.old)?|backup_manifest|current_logfiles(\.tmp)?|postgresql\.auto\.conf\.tmp|pg_internal\.init.*|pgsql_tmp.*)$/;
/** Last: recovery must not begin later than the files that it is applied to. */
export const CONTROL_FILE = join('global', 'pg_control');

/** Files and folders of a data directory that a copy holds, by their paths in it. */
export async function filesToCopy(dataDir: string): Promise<{ folders: string[]; files: string[] }> {
  const folders: string[] = [];
  const files: string[] = [];
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await entriesOf(join(dataDir, folder))) {
      if (LEFT_OUT.test(entry.name)) continue;
      const path = join(folder, entry.name);
      if (entry.isSymbolicLink()) throw new Error(`${path} is a link: a tablespace elsewhere is not copied`);
      if (!entry.isDirectory()) {
        if (entry.isFile() && path !== CONTROL_FILE) files.push(path);
        continue;
      }
      folders.push(path);
      if (folder !== '' || !LEFT_EMPTY.has(entry.name)) await walk(path);
    }
  };
  await walk('');
  return { folders, files };
}

/** A database may be dropped while the copy is made. */
async function entriesOf(folder: string) {
  return readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
}

/** Nearly all files of a server are small: opening streams for each costs more than the copying. */
const SMALL_BYTES = 2 ** 20;

/** Undefined where the file is gone: its table was dropped, and the log that is copied says so. */
export async function copyFile(from: string, to: string, path: string): Promise<CopiedFile | undefined> {
  const [source, target] = [join(from, path), join(to, path)];
  try {
    if ((await stat(source)).size <= SMALL_BYTES) return writeFile(to, path, await readFile(source));
    const checksum = new Checksum();
    await pipeline(createReadStream(source), checksum, createWriteStream(target, { mode: 0o600 }));
    return { path, bytes: checksum.bytes, sha256: checksum.hex() };
  } catch (error) {
    if (isMissing(error) && !existsSync(source)) return undefined;
    throw error;
  }
}

/** It is written in one go, and may be read in the midst of that: what reads the same twice is whole. */
export function copyControlFile(from: string, to: string): CopiedFile {
  let read = readFileSync(join(from, CONTROL_FILE));
  for (;;) {
    const again = readFileSync(join(from, CONTROL_FILE));
    if (again.equals(read)) return writeFile(to, CONTROL_FILE, read);
    read = again;
  }
}

export function writeFile(to: string, path: string, content: string | Buffer): CopiedFile {
  writeFileSync(join(to, path), content, { mode: 0o600 });
  return { path, bytes: Buffer.byteLength(content), sha256: Checksum.of(content) };
}

export async function makeFolders(root: string, folders: readonly string[]): Promise<void> {
  for (const folder of folders) await mkdir(join(root, folder), { recursive: true, mode: 0o700 });
}

/** All at the end: by then most of it has been written, and one sync after the other costs a third. */
export async function syncAll(
  root: string,
  files: readonly string[],
  folders: readonly string[],
): Promise<void> {
  const all = [...files, ...folders, ''].map((path) => join(root, path));
  for (const path of [...all, dirname(root)]) {
    const handle = await open(path, 'r');
    await handle.sync().finally(() => handle.close());
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
