import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type KafkaSettings } from '@heed/events';
import { SigningKey } from '@heed/kernel';
import { databasesOf, loginOf, type DatabaseRole } from '@heed/postgres';
import { readJson } from '../cluster/json-file.js';
import { lockFolder, lockHolder } from '../cluster/lock.js';
import { madeWith } from '../cluster/made-with.js';
import { knownPorts } from '../cluster/ports.js';
import { runFileOf, stopLeftOverServices, type RunFile } from '../cluster/run-file.js';
import { secretsIn, type Secrets } from '../cluster/secrets.js';
import { type ServiceName } from '../cluster/services.js';
import { resolveKafka, type KafkaPart } from '../parts/kafka.js';
import { resolveObjects } from '../parts/objects.js';
import { resolvePostgres } from '../parts/postgres.js';
import { stillRuns } from '../processes/identity.js';

/** What a backup or a restore needs of an installation, whether its launcher runs or not. */
export interface Installation {
  dataDir: string;
  secrets: Secrets;
  /** Of a superuser. */
  postgresUrl: string;
  objectsUrl: string;
  /** Signs what this installation has backed up, so that nobody restores what somebody else made. */
  backupKey: SigningKey;
  /** Of the launcher that runs, where one does. */
  launcher?: number;
  /** How the brokers are reached; undefined on the embedded bus. They are started where none run, for as long as it takes. */
  kafka(): Promise<KafkaSettings | undefined>;
  /** The pid of a service that runs. */
  pidOf(service: ServiceName): Promise<number | undefined>;
  close(): Promise<void>;
}

/** Beside a launcher that runs its servers are used; else PostgreSQL is started for as long as it takes. */
export async function openInstallation(dataDir: string, env: NodeJS.ProcessEnv): Promise<Installation> {
  const launcher = await lockHolder(dataDir);
  const keyDir = join(dataDir, 'keys');
  const common = {
    dataDir,
    secrets: secretsIn(keyDir),
    backupKey: SigningKey.load(join(keyDir, 'backup.pem'), { create: true }),
  };
  if (launcher !== undefined) {
    const run = readJson<RunFile>(runFileOf(dataDir));
    if (run === undefined)
      throw new Error(`the launcher (pid ${launcher}) is still starting: try again when it is up`);
    return {
      ...common,
      launcher,
      postgresUrl: run.postgres,
      objectsUrl: run.objects,
      kafka: async () => settingsOf(run.bus.brokers, run.bus.settings, env),
      pidOf: async (service) => {
        const { pid, started } = run.services[service];
        return (await stillRuns({ pid, started })) ? pid : runningNow(dataDir, service);
      },
      close: async () => undefined,
    };
  }
  mkdirSync(join(dataDir, 'logs'), { recursive: true });
  const unlock = await lockFolder(dataDir);
  const broker = brokerOf(dataDir, env);
  try {
    await stopLeftOverServices(dataDir);
    const postgres = await resolvePostgres({
      ...{ dataDir: join(dataDir, 'postgres'), logFile: join(dataDir, 'logs', 'postgres.log'), env },
      port: knownPorts(dataDir).parts.postgres,
    });
    return {
      ...common,
      postgresUrl: postgres.url,
      objectsUrl: resolveObjects({ dataDir: join(dataDir, 'objects'), env }).url,
      kafka: broker.kafka,
      pidOf: async () => undefined,
      close: async () => {
        await broker.stop();
        await postgres.stop();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** The brokers of an installation that stands still, started when they are asked for. */
export function brokerOf(
  dataDir: string,
  env: NodeJS.ProcessEnv,
): Pick<Installation, 'kafka'> & { stop(): Promise<void> } {
  let broker: Promise<KafkaPart> | undefined;
  return {
    kafka: async () => {
      broker ??= resolveKafka({
        ...{ dataDir: join(dataDir, 'kafka'), logFile: join(dataDir, 'logs', 'kafka.log'), env },
        ...{ say: () => undefined, port: knownPorts(dataDir).parts.kafka, before: madeWith(dataDir)?.bus },
      });
      const { brokers, settings } = await broker;
      return settingsOf(brokers, settings, env);
    },
    stop: async () => {
      await broker?.then((part) => part.stop()).catch(() => undefined);
    },
  };
}

function settingsOf(
  brokers: readonly string[],
  settings: Readonly<Record<string, string>>,
  env: NodeJS.ProcessEnv,
): KafkaSettings | undefined {
  if (brokers.length === 0) return undefined;
  const mechanism = settings['KAFKA_SASL_MECHANISM'];
  const { KAFKA_SASL_USERNAME: username = '', KAFKA_SASL_PASSWORD: password = '' } = settings;
  return {
    ...{ brokers, tls: settings['KAFKA_TLS'] === 'true', prefix: env['HEED_TOPIC_PREFIX'] ?? '' },
    ...(mechanism && { sasl: { mechanism, username, password } }),
  };
}

/** The launcher may have started it again since. */
async function runningNow(dataDir: string, service: ServiceName): Promise<number | undefined> {
  const entry = readJson<RunFile>(runFileOf(dataDir))?.services[service];
  return entry && (await stillRuns(entry)) ? entry.pid : undefined;
}

/** Under which a role of a service connects to one of its databases, or to one that will take its place. */
export function roleUrl(
  { postgresUrl, secrets }: Pick<Installation, 'postgresUrl' | 'secrets'>,
  service: ServiceName,
  role: DatabaseRole,
  database: string = databasesOf(service).main,
): string {
  const url = new URL(`/${database}`, postgresUrl);
  url.username = loginOf(service, role);
  url.password = secrets.databases[service][role] ?? '';
  return url.href;
}

export function superuserUrl({ postgresUrl }: Pick<Installation, 'postgresUrl'>, database: string): string {
  return new URL(`/${database}`, postgresUrl).href;
}
