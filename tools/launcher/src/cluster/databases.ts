import { join } from 'node:path';
import { provision } from '@heed/postgres';
import { output } from '../processes/processes.js';
import { type Secrets } from './secrets.js';
import { serviceNames, type ServiceName } from './services.js';

/** Logins and databases of all services. Again at every start: a password may have been made anew. */
export async function provisionAll(superuserUrl: string, secrets: Secrets): Promise<void> {
  await Promise.all(
    serviceNames.map((service) =>
      provision({ superuserUrl, service, passwords: secrets.databases[service] }),
    ),
  );
}

export function mainOf(root: string, service: ServiceName): string {
  return join(root, 'services', service, 'dist', 'main.js');
}

/** Each service brings its own databases up to date, as their owner. */
export async function migrateAll(
  root: string,
  settings: (service: ServiceName) => Record<string, string>,
): Promise<void> {
  await Promise.all(
    serviceNames.map((service) =>
      output(process.execPath, [mainOf(root, service), 'migrate'], {
        env: settings(service),
        timeoutMs: 120_000,
      }).catch((error: unknown) => {
        throw new Error(`${service} does not migrate: ${(error as Error).message}`, { cause: error });
      }),
    ),
  );
}
