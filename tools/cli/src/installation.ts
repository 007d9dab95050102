import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Endpoints, endpointsOf as endpointsOfEnvironment } from '@heed/client';
import { SERVICES, type ServiceName } from '@heed/contracts';
import { type KafkaSettings } from '@heed/events';
import { DomainError } from '@heed/kernel';
import { endpointsOf, type RunFile, type RunningServiceEntry } from '@heed/launcher';

/** `.heed/run.json` in this folder or one above: written by `npm start` while an installation runs. */
function runFilePath(given?: string): string | undefined {
  if (given) return resolve(given);
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const file = join(folder, '.heed', 'run.json');
    if (existsSync(file)) return file;
    if (dirname(folder) === folder) return undefined;
  }
}

/** The installation that runs here. `--run` names another one's file. */
export function findRun(given?: string): RunFile | undefined {
  const path = runFilePath(given);
  if (!path) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as RunFile;
  } catch (error) {
    throw new DomainError('RUN_FILE_UNREADABLE', 'failed-precondition', {
      message: `${path} cannot be read as JSON`,
      cause: error,
    });
  }
}

/** Where the services are: by run.json, else by HEED_<SERVICE>_GRPC and HEED_<SERVICE>_URL. */
export function findEndpoints(given?: string): Endpoints {
  const run = findRun(given);
  return run ? endpointsOf(run) : endpointsOfEnvironment(process.env);
}

/** How the brokers are reached: given, else by the variables that the services use, else by run.json. */
export function kafkaSettings(run: string | undefined, given?: string): KafkaSettings {
  const settings = findKafka(run, given);
  if (settings) return settings;
  throw new DomainError('BROKERS_MISSING', 'invalid-argument', {
    message: 'No brokers: give --brokers, or set KAFKA_BROKERS. The embedded bus has no topics.',
  });
}

/** Undefined where the bus is the embedded one. */
export function findKafka(run: string | undefined, given?: string): KafkaSettings | undefined {
  const { env } = process;
  const brokers = (given ?? env['KAFKA_BROKERS'])?.split(',') ?? findRun(run)?.bus.brokers ?? [];
  if (brokers.length === 0) return undefined;
  const mechanism = env['KAFKA_SASL_MECHANISM'];
  return {
    brokers,
    tls: env['KAFKA_TLS'] === 'true',
    prefix: env['HEED_TOPIC_PREFIX'] ?? '',
    ...(mechanism && {
      sasl: {
        mechanism,
        username: env['KAFKA_SASL_USERNAME'] ?? '',
        password: env['KAFKA_SASL_PASSWORD'] ?? '',
      },
    }),
  };
}

/** Each service's database as its probe role: it sees every tenant and writes nothing. */
export function probeUrls(run: string | undefined): Record<ServiceName, string> {
  return urlsOf(run, (entry) => entry.database.probe, 'HEED_CHECK');
}

/** Each service's database as its owner, for the few marks that an operator sets. */
export function ownerUrls(run: string | undefined): Record<ServiceName, string> {
  return urlsOf(run, (entry) => entry.database.owner, 'HEED_OWNER');
}

function urlsOf(
  run: string | undefined,
  which: (entry: RunningServiceEntry) => string,
  prefix: string,
): Record<ServiceName, string> {
  const running = findRun(run);
  const variable = (service: ServiceName): string => `${prefix}_${service.toUpperCase()}_URL`;
  const urls = SERVICES.map((service): [ServiceName, string | undefined] => [
    service,
    running ? which(running.services[service]) : process.env[variable(service)],
  ]);
  const missing = urls.filter(([, url]) => !url).map(([service]) => variable(service));
  if (missing.length > 0) {
    throw new DomainError('DATABASES_MISSING', 'invalid-argument', {
      message: `Where the databases are is not known: set ${missing.join(', ')}, or name a run.json with --run`,
    });
  }
  return Object.fromEntries(urls) as Record<ServiceName, string>;
}
