import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type DatabaseRole } from '@heed/postgres';
import { type KafkaPart } from '../parts/kafka.js';
import { type Part } from '../parts/part.js';
import { memoryMb } from '../processes/memory.js';
import { type Steps } from '../steps.js';
import { mainOf, migrateAll, provisionAll } from './databases.js';
import { lockFolder } from './lock.js';
import { rememberMadeWith } from './made-with.js';
import { knownPorts, rememberPorts, servicePorts } from './ports.js';
import { resolveParts } from './resolve-parts.js';
import { databaseUrl, runFileOf, stopLeftOverServices, writeRunFile, type RunFile } from './run-file.js';
import { keyFilesOf, secretsIn, type Secrets } from './secrets.js';
import { ServiceProcess } from './service-process.js';
import { migrationSettings, serviceSettings, type Parts, type SettingsInput } from './service-settings.js';
import { TraceSink } from '../traces/trace-sink.js';
import { serviceNames, type ServiceName, type ServicePorts } from './services.js';

export interface ClusterOptions {
  dataDir: string;
  bus?: 'kafka' | 'embedded';
  steps: Steps;
  env?: NodeJS.ProcessEnv;
  /** For tests: nothing is synced to disk. */
  throwAway?: boolean;
  /** For whoever measures: flags of node for each service, and how long one may take to end. */
  measured?: { nodeFlags: readonly string[]; drainMs: number };
  /** Creates the topics that are missing (libs/events). */
  applyTopics: (kafka: KafkaPart) => Promise<unknown>;
}

interface Running {
  parts: Parts;
  ports: Record<ServiceName, ServicePorts>;
  secrets: Secrets;
  services: Record<ServiceName, ServiceProcess>;
  http: Record<ServiceName, boolean>;
}

const root = fileURLToPath(new URL('../../../..', import.meta.url));

/** The six services as processes on one machine, with all that they need, on one data folder. */
export class Cluster {
  /** From the first service spawned to the last one ready; parts, migrations and build are not in it. */
  startedInMs = 0;
  private running: Running | undefined;
  private file: RunFile | undefined;
  /** What may have to be stopped, in whatever state of starting it is; PostgreSQL first. */
  private readonly starting: Promise<Part>[] = [];
  private readonly processes: ServiceProcess[] = [];
  /** Takes the services' spans; none where a collector is configured. */
  traces: TraceSink | undefined;
  private unlock: (() => void) | undefined;
  private stopped: Promise<void> | undefined;
  private readonly noLonger = new AbortController();

  constructor(private readonly options: ClusterOptions) {}

  get dataDir(): string {
    return this.options.dataDir;
  }

  get parts(): Parts {
    return this.known.parts;
  }

  /** What run.json holds. */
  get run(): RunFile {
    if (!this.file) throw new Error('the cluster has not started');
    return this.file;
  }

  async start(): Promise<void> {
    const { dataDir, steps, env = process.env } = this.options;
    const missing = serviceNames.filter((name) => !existsSync(mainOf(root, name)));
    if (missing.length) throw new Error(`not built: ${missing.join(', ')} (npm run build)`);
    // Others must get through to the databases' folder; what is secret has a mode of its own.
    mkdirSync(dataDir, { recursive: true, mode: 0o711 });
    this.unlock = await lockFolder(dataDir);
    const left = await stopLeftOverServices(dataDir);
    if (left.length) steps.warn(`stopped ${left.join(', ')}, left by a launcher that was killed`);

    const traced = await this.withTraces(env);
    const keyDir = join(dataDir, 'keys');
    const secrets = secretsIn(keyDir);
    const keys = perService((name) => keyFilesOf(keyDir, name));
    const known = knownPorts(dataDir);
    const ports = await servicePorts(known);
    const parts = await this.startParts(secrets, known.parts, env);
    if (this.stopped) throw new Error('stopped while it was starting');
    const services = perService((name) =>
      this.processOf(name, { parts, ports, secrets, keys: keys[name], dataDir, env: traced }),
    );
    rememberPorts(dataDir, parts, ports);
    const ready = await steps.run(
      'services',
      () => this.startServices(services),
      () => 'six processes, ready',
    );
    const http = perService((name) => ready[name]['http'] !== undefined);
    this.running = { parts, ports, secrets, services, http };
    await this.writeDown();
  }

  /** Lets the first operator of this data folder be made, once. */
  get bootstrapSecret(): string {
    return this.known.secrets.bootstrap;
  }

  /** SIGKILL for one service. */
  async kill(name: ServiceName): Promise<void> {
    await this.known.services[name].kill();
  }

  /** Services that ended by themselves, or were killed. */
  get ended(): ServiceName[] {
    return serviceNames.filter((name) => this.known.services[name].hasEnded);
  }

  /** Starts a service that ended, on its old address; resolves when it is ready. */
  async revive(name: ServiceName): Promise<void> {
    await this.known.services[name].start();
    await this.writeDown();
  }

  /** The URL under which a role of a service connects, password included. */
  databaseUrl(service: ServiceName, role: DatabaseRole, which: 'main' | 'keys' = 'main'): string {
    return databaseUrl(this.known.parts, this.known.secrets, service, role, which);
  }

  /** Memory of each service (PSS, MB). */
  async memory(): Promise<Record<ServiceName, number>> {
    const measured = {} as Record<ServiceName, number>;
    for (const [name, { pid }] of Object.entries(this.known.services)) {
      measured[name as ServiceName] = pid ? await memoryMb(pid) : 0;
    }
    return measured;
  }

  /** Everything, in order, within ten seconds: senders first, what they write to last. */
  stop(): Promise<void> {
    this.stopped ??= this.stopAll();
    return this.stopped;
  }

  private async stopAll(): Promise<void> {
    this.noLonger.abort();
    const ending = this.processes.map((service) => service.stop(this.options.measured?.drainMs ?? 3_500));
    // What is still starting is waited for, so that nothing is left behind; an image that is being fetched is not.
    const settled = this.starting.map((part) => Promise.race([part, patience(4_000)]));
    const [[postgres, ...others]] = await Promise.all([
      Promise.allSettled(settled),
      Promise.allSettled(ending),
    ]);
    const failures = [
      ...(await Promise.allSettled(others.map(stopPart))),
      ...(await Promise.allSettled(postgres ? [stopPart(postgres)] : [])),
    ].flatMap((settled) => (settled.status === 'rejected' ? [(settled.reason as Error).message] : []));
    await this.traces?.close();
    rmSync(runFileOf(this.dataDir), { force: true });
    this.unlock?.();
    for (const failure of failures) this.options.steps.warn(failure);
  }

  /**
   * Where nobody collects, the launcher does, for the few traces that somebody asks to see: work that nobody asked for,
   * and the messages of a campaign, are not recorded, and SQL makes no spans.
   */
  private async withTraces(env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
    if (isCollected(env)) return env;
    this.traces = await TraceSink.open();
    return {
      ...env,
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${this.traces.url}/v1/traces`,
      OTEL_TRACES_SAMPLER: 'parentbased_always_off',
      OTEL_NODE_DISABLED_INSTRUMENTATIONS: 'pg',
      OTEL_BSP_SCHEDULE_DELAY: '500',
    };
  }

  /** All parts at once; databases, migrations and topics as soon as the part that they need is there. */
  private async startParts(
    secrets: Secrets,
    ports: ReturnType<typeof knownPorts>['parts'],
    env: NodeJS.ProcessEnv,
  ): Promise<Parts> {
    const { dataDir, bus, steps, throwAway, applyTopics } = this.options;
    const pending = resolveParts({
      dataDir,
      logDir: join(dataDir, 'logs'),
      env,
      bus,
      ports,
      throwAway,
      steps,
      signal: this.noLonger.signal,
    });
    const { postgres, kafka, nats, objects, smtp, carrier } = pending;
    this.starting.push(postgres, kafka, nats, objects, smtp, carrier);
    const databases = postgres.then(async (server) => {
      const told = () => 'two for each service, a login for each role';
      await steps.run('databases', () => provisionAll(server.url, secrets), told);
      const settings = (name: ServiceName) =>
        migrationSettings(name, { postgres: server, secrets, dataDir, env });
      const migrate = () =>
        migrateAll({ root, dataDir, postgres: server, settings, signal: this.noLonger.signal });
      await steps.run('migrations', migrate, (outcome) => outcome);
    });
    const topics = kafka.then(async (part) => {
      if (part.brokers.length) await steps.run('topics', () => applyTopics(part));
    });
    await everyOne([...this.starting, databases, topics]);
    const parts: Parts = {
      postgres: await postgres,
      kafka: await kafka,
      nats: await nats,
      objects: await objects,
      smtp: await smtp,
      carrier: await carrier,
    };
    rememberMadeWith(dataDir, { bus: parts.kafka.kind, postgres: parts.postgres.kind });
    return parts;
  }

  private processOf(name: ServiceName, input: SettingsInput): ServiceProcess {
    const service = new ServiceProcess({
      name,
      main: mainOf(root, name),
      // Loads nothing where no collector is named.
      imports: isCollected(input.env) ? ['@heed/telemetry/register'] : [],
      nodeFlags: this.options.measured?.nodeFlags ?? [],
      settings: serviceSettings(name, input),
      logFile: join(this.dataDir, 'logs', `${name}.log`),
      onUnexpectedEnd: (who, how) =>
        this.options.steps.warn(`${who} ${how}. Start it again: kill -USR2 ${process.pid}`),
    });
    this.processes.push(service);
    return service;
  }

  /** All at once, identity a moment ahead: the others register their keys with it and ask until it answers. */
  private async startServices(
    services: Record<ServiceName, ServiceProcess>,
  ): Promise<Record<ServiceName, Record<string, unknown>>> {
    const begun = performance.now();
    const starting = perService((name) => services[name].start());
    await everyOne(Object.values(starting));
    this.startedInMs = Math.round(performance.now() - begun);
    const ready = {} as Record<ServiceName, Record<string, unknown>>;
    for (const name of serviceNames) ready[name] = await starting[name];
    return ready;
  }

  private async writeDown(): Promise<void> {
    const { parts, ports, secrets, services, http } = this.known;
    this.file = await writeRunFile({
      dataDir: this.dataDir,
      parts,
      ports,
      secrets,
      services: perService((name) => ({
        pid: services[name].pid ?? 0,
        log: services[name].logFile,
        http: http[name],
      })),
    });
  }

  private get known(): Running {
    if (!this.running) throw new Error('the cluster has not started');
    return this.running;
  }
}

function isCollected(env: NodeJS.ProcessEnv): boolean {
  return Boolean(env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']);
}

/** A part that did not come up has seen to itself. */
async function stopPart(settled: PromiseSettledResult<Part>): Promise<void> {
  if (settled.status === 'fulfilled') await settled.value.stop();
}

async function patience(ms: number): Promise<never> {
  await pause(ms, undefined, { ref: false });
  throw new Error('did not come up in time to be stopped');
}

function perService<T>(make: (name: ServiceName) => T): Record<ServiceName, T> {
  return Object.fromEntries(serviceNames.map((name) => [name, make(name)])) as Record<ServiceName, T>;
}

/** Waits for all, also when one fails: what is half started must be known before it can be stopped. */
async function everyOne(work: Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find((settled) => settled.status === 'rejected');
  if (failed) throw failed.reason;
}
