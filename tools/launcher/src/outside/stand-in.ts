import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandOf, launch, stopProcess, untilReady } from '../processes/processes.js';

/** One of our stand-ins for the outside world, as a process of its own: it must survive what kills a service. */
export async function startStandIn(what: {
  name: string;
  /** Folder under src of its main.ts. */
  folder: string;
  dataDir: string;
  logFile: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  healthUrl: string;
  signal?: AbortSignal;
}): Promise<{ pid: number; stop(): Promise<void> }> {
  mkdirSync(what.dataDir, { recursive: true });
  const pidFile = join(what.dataDir, 'pid');
  const child = launch({
    command: process.execPath,
    args: [main(what.folder), '--data', what.dataDir, ...what.args],
    env: { PATH: process.env.PATH, ...what.env },
    logFile: what.logFile,
  });
  await untilReady(
    { name: what.name, child, logFile: what.logFile, patienceMs: 20_000, signal: what.signal },
    () =>
      fetch(what.healthUrl).then(
        (response) => (response.ok ? true : undefined),
        () => undefined,
      ),
  );
  const pid = child.pid as number;
  writeFileSync(pidFile, String(pid));
  child.unref();
  return {
    pid,
    stop: async () => {
      await stop(pid);
      rmSync(pidFile, { force: true });
    },
  };
}

/** One that a killed launcher left. To be called before ports are looked for: it still holds those of the last run. */
export async function stopLeftOverStandIn(dataDir: string): Promise<void> {
  const pidFile = join(dataDir, 'pid');
  const left = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) : 0;
  if (left && (await commandOf(left)).includes(dataDir)) await stop(left);
}

/** The built file, also when a spec runs this very file from its source. */
function main(folder: string): string {
  return fileURLToPath(new URL(`../../dist/${folder}/main.js`, import.meta.url));
}

function stop(pid: number): Promise<void> {
  return stopProcess(pid, [
    { signal: 'SIGTERM', patienceMs: 2_500 },
    { signal: 'SIGKILL', patienceMs: 1_000 },
  ]);
}
