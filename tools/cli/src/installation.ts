import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Endpoints, endpointsOf } from '@heed/client';
import { type ServiceName } from '@heed/contracts';
import { DomainError } from '@heed/kernel';
import { type RunFile } from '@heed/launcher';

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
  if (!run) return endpointsOf(process.env);
  return runEndpoints(run);
}

export function runEndpoints(run: RunFile): Endpoints {
  const services = Object.entries(run.services) as [ServiceName, RunFile['services'][ServiceName]][];
  return {
    grpc: Object.fromEntries(services.map(([name, { grpc }]) => [name, grpc])) as Endpoints['grpc'],
    http: Object.fromEntries(services.flatMap(([name, { http }]) => (http ? [[name, http]] : []))),
  };
}

export function findBrokers(given?: string): string[] | undefined {
  const brokers = process.env['KAFKA_BROKERS']?.split(',') ?? findRun(given)?.bus.brokers ?? [];
  return brokers.length > 0 ? brokers : undefined;
}
