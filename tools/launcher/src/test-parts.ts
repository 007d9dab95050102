import { join } from 'node:path';
import { resolveKafka, type KafkaPart } from './parts/kafka.js';
import { resolveNats, type NatsPart } from './parts/nats.js';
import { type Part, type Say } from './parts/part.js';
import { resolvePostgres, type PostgresPart } from './parts/postgres.js';

export type { Part };
/** For the spec that needs a broker of its own, to kill it. */
export { resolveKafka, type KafkaPart };

/** Where the parts of a test run are: what `HEED_TEST_PARTS` and `.heed/test-parts.json` hold. */
export interface TestParts {
  /** `logFile` is the server's own log, where the server is ours. */
  postgres?: { url: string; logFile?: string };
  kafka?: { brokers: string[] };
  nats?: { url: string };
}

export type TestPartName = keyof TestParts;

export interface StartedTestParts {
  /** Only what could be had: without Java there is no kafka. */
  parts: TestParts;
  started: { postgres?: PostgresPart; kafka?: KafkaPart; nats?: NatsPart };
  stop(): Promise<void>;
}

/** The launcher's own resolvers, for tests: nothing is synced to disk unless asked for, everything lies in one folder. */
export async function startTestParts(options: {
  folder: string;
  want: TestPartName[];
  /** For whoever measures: what is committed is on disk. */
  durable?: boolean;
  env?: NodeJS.ProcessEnv;
  say?: Say;
}): Promise<StartedTestParts> {
  const { folder, env, durable = false, say = () => undefined } = options;
  const parts: TestParts = {};
  const started: StartedTestParts['started'] = {};
  const place = (name: string) => ({
    dataDir: join(folder, name),
    logFile: join(folder, `${name}.log`),
    env,
  });
  const starts: Record<TestPartName, () => Promise<void>> = {
    postgres: async () => {
      const part = (started.postgres = await resolvePostgres({ ...place('postgres'), throwAway: !durable }));
      parts.postgres = { url: part.url, ...(part.logFile && { logFile: part.logFile }) };
    },
    kafka: async () => {
      const part = (started.kafka = await resolveKafka({ ...place('kafka'), say }));
      if (part.brokers.length) parts.kafka = { brokers: part.brokers };
    },
    nats: async () => {
      const part = (started.nats = await resolveNats({ ...place('nats'), say }));
      if (part.url) parts.nats = { url: part.url };
    },
  };
  const stop = async (): Promise<void> => {
    await Promise.all(Object.values(started).map((part) => part.stop()));
  };
  const results = await Promise.allSettled(options.want.map((name) => starts[name]()));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return { parts, started, stop };
}
