import { listens } from '../processes/listens.js';
import { startBroker, trainArchive } from './kafka-broker.js';
import { kafkaContainer } from './kafka-container.js';
import { kafkaJars, kafkaVersion } from './kafka-jars.js';
import { nothingToStop, type Part, type Say } from './part.js';

/** The bus: a Kafka, or the embedded driver, which needs no process at all. */
export interface KafkaPart extends Part {
  /** Empty when the bus is embedded. */
  brokers: string[];
  /** How libs/events reaches them. */
  connection: KafkaConnection;
  /** What the services are told: libs/config reads these. */
  settings: Record<string, string>;
  /** Makes the next start faster; takes ten seconds, for when nobody waits. */
  train?: () => Promise<void>;
}

export interface KafkaConnection {
  brokers: string[];
  tls: boolean;
  sasl?: { mechanism: string; username: string; password: string };
}

export interface KafkaOptions {
  dataDir: string;
  logFile: string;
  say: Say;
  env?: NodeJS.ProcessEnv;
  /** Nobody waits any more: what is starting is killed. */
  signal?: AbortSignal;
  port?: number;
  /** `--bus`: kafka = an error where none can be had; embedded = none is looked for. */
  force?: 'kafka' | 'embedded';
  /** The kind that this data folder was made with. */
  before?: string;
}

export async function resolveKafka(options: KafkaOptions): Promise<KafkaPart> {
  const { env = process.env, force, before } = options;
  if (force === 'embedded') return embeddedBus('asked for by --bus embedded');
  if (env.KAFKA_BROKERS) return givenBrokers(env);
  if (before === 'embedded' && force !== 'kafka') return embeddedBus('as when this data folder was made');

  // The order of preference, except that topics stay where a data folder's positions point to.
  const container = before === 'maven' ? { why: 'its topics are not in one' } : await kafkaContainer(options);
  if ('part' in container) return container.part;
  try {
    return await kafkaByMaven(options, container.why, env);
  } catch (error) {
    const why = `no container (${container.why}), and by Maven: ${(error as Error).message}`;
    if (force === 'kafka')
      throw new Error(`--bus kafka, but there is no Kafka to be had: ${why}. ${howToGet}`);
    if (before === 'maven') throw new Error(`the Kafka of this data folder cannot be had any more: ${why}`);
    return embeddedBus(why);
  }
}

async function kafkaByMaven(
  options: KafkaOptions,
  noContainer: string,
  env: NodeJS.ProcessEnv,
): Promise<KafkaPart> {
  const jars = await kafkaJars(options.say, env, options.signal);
  const broker = await startBroker(jars, options);
  const brokers = [`127.0.0.1:${broker.port}`];
  return {
    kind: 'maven',
    version: kafkaVersion,
    brokers,
    connection: { brokers, tls: false },
    settings: { HEED_BUS: 'kafka', KAFKA_BROKERS: brokers.join(','), KAFKA_TLS: 'false' },
    note: `Apache Kafka ${kafkaVersion} by Maven under Java ${jars.javaVersion} (no container: ${noContainer})`,
    better: 'set KAFKA_BROKERS to a cluster: this broker is alone and does not fsync',
    dataDir: options.dataDir,
    logFile: options.logFile,
    pid: broker.pid,
    stop: broker.stop,
    train: () => trainArchive(jars),
  };
}

const howToGet = 'Set KAFKA_BROKERS, or start a container engine, or install Java 17 and Maven.';

function embeddedBus(why: string): KafkaPart {
  return {
    kind: 'embedded',
    version: '',
    brokers: [],
    connection: { brokers: [], tls: false },
    settings: { HEED_BUS: 'embedded' },
    note: `services read each other's outbox tables in PostgreSQL (${why})`,
    better: howToGet,
    stop: nothingToStop,
  };
}

async function givenBrokers(env: NodeJS.ProcessEnv): Promise<KafkaPart> {
  const settings = givenSettings(env);
  const brokers = settings.KAFKA_BROKERS?.split(',') ?? [];
  const answers = await Promise.all(
    brokers.map((broker) => {
      const at = broker.lastIndexOf(':');
      return listens(broker.slice(0, at), Number(broker.slice(at + 1)));
    }),
  );
  if (!answers.includes(true))
    throw new Error(`KAFKA_BROKERS is set, but none of ${brokers.join(', ')} answers`);
  const tls = settings.KAFKA_TLS === 'true';
  const {
    KAFKA_SASL_MECHANISM: mechanism,
    KAFKA_SASL_USERNAME: username,
    KAFKA_SASL_PASSWORD: password,
  } = settings;
  const sasl = mechanism && username && password ? { mechanism, username, password } : undefined;
  return {
    kind: 'given',
    version: '',
    brokers,
    connection: { brokers, tls, sasl },
    settings,
    note: `the cluster that KAFKA_BROKERS names${tls ? ', over TLS' : ''}${sasl ? ', with SASL PLAIN' : ''}`,
    stop: nothingToStop,
  };
}

/** TLS and SASL PLAIN are what the services' driver speaks today; anything else is refused, not ignored. */
export function givenSettings(env: NodeJS.ProcessEnv): Record<string, string> {
  const brokers = (env.KAFKA_BROKERS ?? '')
    .split(',')
    .map((broker) => broker.trim())
    .filter(Boolean);
  const bad = brokers.filter((broker) => !/^.+:\d+$/.test(broker));
  if (!brokers.length || bad.length) {
    throw new Error(
      `KAFKA_BROKERS must be a list of host:port, separated by commas; not so: ${bad.join(', ')}`,
    );
  }
  const settings: Record<string, string> = {
    HEED_BUS: 'kafka',
    KAFKA_BROKERS: brokers.join(','),
    KAFKA_TLS: String(env.KAFKA_TLS === 'true'),
  };
  const mechanism = env.KAFKA_SASL_MECHANISM;
  if (!mechanism) return settings;
  if (mechanism.toLowerCase() !== 'plain') {
    throw new Error(
      `KAFKA_SASL_MECHANISM=${mechanism} is not supported: plain (over TLS) is the only one so far`,
    );
  }
  const { KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = env;
  if (!username || !password) {
    throw new Error('KAFKA_SASL_MECHANISM=plain needs KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD');
  }
  return {
    ...settings,
    KAFKA_SASL_MECHANISM: 'plain',
    KAFKA_SASL_USERNAME: username,
    KAFKA_SASL_PASSWORD: password,
  };
}
