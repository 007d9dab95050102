import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Endpoints, endpointsOf as endpointsOfEnvironment } from '@heed/client';
import { DomainError } from '@heed/kernel';
import { endpointsOf, type RunFile } from '@heed/launcher';

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

export function findBrokers(given?: string): string[] | undefined {
  const brokers = process.env['KAFKA_BROKERS']?.split(',') ?? findRun(given)?.bus.brokers ?? [];
  return brokers.length > 0 ? brokers : undefined;
}
