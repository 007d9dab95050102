import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../processes/free-port.js';
import { listens } from '../processes/listens.js';
import { commandOf, launch, stopProcess, untilReady } from '../processes/processes.js';
import { type Jars } from './kafka-jars.js';
import { untilWarm } from './kafka-probe.js';
import { metaProperties, serverProperties } from './kafka-properties.js';

export interface Broker {
  port: number;
  pid: number;
  stop(): Promise<void>;
}

/** Starts a broker on its data folder: made when new, taken over when a killed launcher left one running. */
export async function startBroker(
  jars: Jars,
  where: { dataDir: string; logFile: string; port?: number; flags?: string[]; signal?: AbortSignal },
): Promise<Broker> {
  const { dataDir, logFile } = where;
  const logDir = join(dataDir, 'log');
  const properties = join(dataDir, 'server.properties');
  const pidFile = join(dataDir, 'pid');
  mkdirSync(logDir, { recursive: true });
  // Two brokers on one folder wedge both.
  await stopLeftOver(pidFile, properties);
  const meta = join(logDir, 'meta.properties');
  if (!existsSync(meta)) writeFileSync(meta, metaProperties());
  const port = await freePort(where.port);
  writeFileSync(properties, serverProperties({ logDir, port, controllerPort: await freePort() }));

  const archive = existsSync(jars.archive) ? [`-XX:SharedArchiveFile=${jars.archive}`] : [];
  const child = launch({
    command: jars.java,
    args: [
      // Measured: spawn to first produce 2.1 s with these, 6.4 s without; 146 MB idle.
      ...[
        '-Xms64m',
        '-Xmx256m',
        '-XX:+UseSerialGC',
        '-XX:TieredStopAtLevel=1',
        '-XX:+ExitOnOutOfMemoryError',
      ],
      ...(where.flags ?? archive),
      ...['-Dorg.slf4j.simpleLogger.showDateTime=true', '-cp', jars.classpath, 'kafka.Kafka', properties],
    ],
    cwd: dataDir,
    logFile,
  });
  if (child.pid) writeFileSync(pidFile, String(child.pid));
  await untilReady({ name: 'Kafka', child, logFile, patienceMs: 60_000, signal: where.signal }, async () =>
    (await listens('127.0.0.1', port)) ? true : undefined,
  );
  const pid = child.pid as number;
  await untilWarm(port, 30_000).catch(async (error: unknown) => {
    await stopBroker(pid, 5_000);
    throw error;
  });
  child.unref();
  return {
    port,
    pid,
    stop: async () => {
      await stopBroker(pid, 3_000);
      rmSync(pidFile, { force: true });
    },
  };
}

/** A clean stop takes 0.6 s; a broker that is killed recovers its log when it starts again. */
function stopBroker(pid: number, patienceMs: number): Promise<void> {
  return stopProcess(pid, [
    { signal: 'SIGTERM', patienceMs },
    { signal: 'SIGKILL', patienceMs: 1_000 },
  ]);
}

async function stopLeftOver(pidFile: string, properties: string): Promise<void> {
  const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) : 0;
  if (pid && (await commandOf(pid)).includes(properties)) await stopBroker(pid, 10_000);
  rmSync(pidFile, { force: true });
}

/**
 * Writes the class data archive that halves the next start: one run of a broker on a scratch folder, whose end
 * takes 5 to 9 s. Hence never in the run that somebody waits for.
 */
export async function trainArchive(jars: Jars): Promise<void> {
  if (existsSync(jars.archive)) return;
  const folder = mkdtempSync(join(tmpdir(), 'heed-kafka-training-'));
  const half = `${jars.archive}.${process.pid}`;
  try {
    const broker = await startBroker(jars, {
      dataDir: folder,
      logFile: join(folder, 'broker.log'),
      flags: [`-XX:ArchiveClassesAtExit=${half}`],
    });
    await stopBroker(broker.pid, 60_000);
    renameSync(half, jars.archive);
  } finally {
    rmSync(half, { force: true });
    rmSync(folder, { recursive: true, force: true });
  }
}
