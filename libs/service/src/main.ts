import 'reflect-metadata';
import { databasePasswords, frameSettings, loadSettings, type FrameSettings } from '@heed/config';
import { canonicalJson, isDomainError } from '@heed/kernel';
import { migrate } from '@heed/postgres';
import { logger, stopTelemetry } from '@heed/telemetry';
import { manifestOfService } from './data-map.js';
import { type ServiceDefinition } from './definition.js';
import { migrationsOf, migrationsOfKeys } from './sources.js';
import { type RunningService, startService } from './start-service.js';

const USAGE = `node main.js [serve|migrate|manifest]
  serve     starts the service (default); SIGTERM ends it in order
  migrate   brings its databases up to date, as their owner
  manifest  prints what it holds, as canonical JSON; needs no database`;

/** The entry of a service's process: `await main(contacts)`. */
export async function main(
  definition: ServiceDefinition,
  [command = 'serve']: string[] = process.argv.slice(2),
): Promise<void> {
  try {
    switch (command) {
      case 'serve':
        return await serve(definition);
      case 'migrate':
        return await migrateAll(definition);
      case 'manifest':
        process.stdout.write(`${canonicalJson(await manifestOfService(definition))}\n`);
        return;
      default:
        process.stderr.write(`${USAGE}\n`);
        process.exitCode = 2;
    }
  } catch (error) {
    // Before anything is served no personal data is in hand: whoever starts the service needs the words.
    const refused = isDomainError(error);
    process.stderr.write(
      `${refused ? `${error.reason}: ${error.message}` : String((error as Error).stack)}\n`,
    );
    process.exit(1);
  }
}

async function serve(definition: ServiceDefinition): Promise<void> {
  const log = logger({ service: definition.name });
  // Node would print the error with its text, and whatever a driver quoted in it.
  const crash = (error: unknown): void => {
    log.error('fault that nobody handled', { error });
    process.exit(1);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  let running: Promise<RunningService>;
  // In the same process: whoever looks after it sees that it goes on, and where its log is.
  const startAnew = (): void => {
    running = running
      .then((put) => put.stop())
      .then(() => startService(definition, process.env, { onPutBack: startAnew }));
    running.catch(crash);
  };
  running = startService(definition, process.env, { onPutBack: startAnew });
  await running;
  const end = (): void => {
    running
      .then((last) => last.stop())
      .then(stopTelemetry)
      .then(() => process.exit(0), crash);
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}

async function migrateAll(definition: ServiceDefinition): Promise<void> {
  // What serving needs is not asked for: migrations run where brokers and keys are not known.
  const settings = loadSettings(
    frameSettings.partial().required({ HEED_DATABASE_URL: true, HEED_KEYS_DATABASE_URL: true }),
  );
  const common = { service: definition.name, passwords: databasePasswords(settings as FrameSettings) };
  const applied = await Promise.all([
    migrate({ ...common, url: settings.HEED_DATABASE_URL, sources: migrationsOf(definition) }),
    migrate({ ...common, url: settings.HEED_KEYS_DATABASE_URL, sources: migrationsOfKeys }),
  ]);
  logger({ service: definition.name }).info('migrated', { count: applied.flat().length });
}
