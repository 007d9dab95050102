import { databasePasswords, type FrameSettings } from '@heed/config';
import { DomainError } from '@heed/kernel';
import { assertSchema, Database, serverSettings } from '@heed/postgres';
import { type Logger, metrics } from '@heed/telemetry';
import { type ServiceDefinition } from './definition.js';
import { entitiesOf, migrationsOf, migrationsOfKeys } from './sources.js';

export interface Databases {
  main: Database;
  keys: Database;
}

/** Both databases of a service, at the schema that it was built for, on a server that does not tell what it is told. */
export async function openDatabases(
  definition: ServiceDefinition,
  settings: FrameSettings,
  log: Logger,
): Promise<Databases> {
  const common = { service: definition.name, passwords: databasePasswords(settings) };
  const main = new Database({
    ...common,
    url: settings.HEED_DATABASE_URL,
    entities: entitiesOf(definition),
  });
  const keys = new Database({ ...common, url: settings.HEED_KEYS_DATABASE_URL });
  try {
    await Promise.all([
      assertSchema(main.pool('service'), migrationsOf(definition)),
      assertSchema(keys.pool('service'), migrationsOfKeys),
      main.open(),
    ]);
    await lookAtServer(main, settings, log);
    return { main, keys };
  } catch (error) {
    await Promise.all([main.close(), keys.close()]);
    throw error;
  }
}

/** The server need not be ours: whoever runs it decides what its log keeps and what a failover loses. */
async function lookAtServer(database: Database, settings: FrameSettings, log: Logger): Promise<void> {
  const { loud, rpoZero, durable } = await serverSettings(database.pool('service'));
  for (const { setting } of loud) log.warn('PostgreSQL may write values into its log', { setting });
  if (!durable) log.warn('PostgreSQL may lose what it has confirmed', { durable });
  metrics.gauge(
    'heed_db_rpo_zero',
    { description: '1 where a failover of the database loses nothing that was confirmed.' },
    () => Number(rpoZero && durable),
  );
  if (settings.HEED_ENV === 'production' && loud.length > 0) {
    const lines = loud.map(({ setting, value, wanted }) => `  ${setting} = ${value}, wanted: ${wanted}`);
    throw new DomainError('DATABASE_LOGS_VALUES', 'failed-precondition', {
      message: `PostgreSQL would keep personal data in its own log:\n${lines.join('\n')}`,
    });
  }
}
