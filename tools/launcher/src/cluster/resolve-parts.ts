import { join } from 'node:path';
import { resolveCarrier } from '../parts/carrier.js';
import { resolveKafka } from '../parts/kafka.js';
import { resolveNats } from '../parts/nats.js';
import { resolveObjects } from '../parts/objects.js';
import { type Part } from '../parts/part.js';
import { resolvePostgres } from '../parts/postgres.js';
import { resolveSmtp } from '../parts/smtp.js';
import { type Steps } from '../steps.js';
import { madeWith } from './made-with.js';
import { type PartPorts } from './ports.js';
import { type Parts } from './service-settings.js';

export interface PartsInput {
  dataDir: string;
  logDir: string;
  env: NodeJS.ProcessEnv;
  bus?: 'kafka' | 'embedded';
  ports: PartPorts;
  throwAway?: boolean;
  steps: Steps;
  signal: AbortSignal;
}

/** Begins to resolve all parts at once; each is a promise of its own, for who needs it first. */
export function resolveParts(input: PartsInput): { [Name in keyof Parts]: Promise<Parts[Name]> } {
  const { dataDir, logDir, env, bus, ports, throwAway, steps, signal } = input;
  const { say } = steps;
  const place = (name: string) => ({
    dataDir: join(dataDir, name),
    logFile: join(logDir, `${name}.log`),
    env,
    say,
    signal,
  });
  const step = <P extends Part>(name: string, work: () => Promise<P> | P) => steps.run(name, work, told);
  return {
    postgres: step('postgres', () =>
      resolvePostgres({ ...place('postgres'), port: ports.postgres, throwAway }),
    ),
    kafka: step('kafka', () =>
      resolveKafka({ ...place('kafka'), port: ports.kafka, force: bus, before: madeWith(dataDir)?.bus }),
    ),
    nats: step('nats', () => resolveNats({ ...place('nats'), port: ports.nats })),
    objects: step('objects', () => resolveObjects(place('objects'))),
    smtp: step('smtp', () => resolveSmtp({ ...place('mail'), ports: ports.smtp })),
    carrier: step('carrier', () => resolveCarrier({ ...place('carrier'), port: ports.carrier })),
  };
}

function told(part: Part): string {
  return part.note + (part.better ? `\n${' '.repeat(26)}better: ${part.better}` : '');
}
