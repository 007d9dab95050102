import { setTimeout as pause } from 'node:timers/promises';
import { type Command } from 'commander';
import { isServiceName, type ServiceName } from '@heed/contracts';
import { askForReplay, listParkedKeys, type ParkedKey } from '@heed/events';
import { DomainError, systemClock } from '@heed/kernel';
import { type Context } from '../context.js';
import { statementsOf, withDatabase } from '../databases.js';
import { EXIT } from '../exit-codes.js';
import { withExample } from '../help.js';
import { ownerUrls, probeUrls } from '../installation.js';
import { positiveNumber } from '../paging.js';

const LOOK_MS = 200;
const MOST_KEYS = 10_000;

interface ReplayOptions {
  key?: string;
  topic?: string;
  all?: boolean;
  timeout: number;
}

export function addReplay(events: Command, context: Context): void {
  const replay = events
    .command('replay <consumer>')
    .description('Has the service try parked events again, in their order. Mend the cause first.')
    .option('--key <key>', 'only this key')
    .option('--topic <topic>', 'only keys of this topic')
    .option('--all', 'every parked key of the consumer')
    .option('--timeout <seconds>', 'how long to wait for the outcome', positiveNumber, 30)
    .addHelpText(
      'after',
      `
Marks the keys in the service's database, as its owner (run.json, else HEED_OWNER_<SERVICE>_URL); the service itself
replays them. A service that is down does so when it is back. Exit code 1 where a key stands still again.`,
    );
  withExample(
    replay,
    'heed events replay campaigns.skip-opted-out --key 0199...',
    'heed events replay campaigns.skip-opted-out --all',
  ).action((consumer: string, options: ReplayOptions) => replayKeys(consumer, options, context));
}

async function replayKeys(consumer: string, options: ReplayOptions, context: Context): Promise<void> {
  const { key, topic, all, timeout } = options;
  if (!key && !all) {
    throw new DomainError('WHICH_KEYS', 'invalid-argument', {
      message: 'say which: --key <key> (heed events parked lists them), or --all',
    });
  }
  const service = serviceOf(consumer);
  const { output } = context;
  const url = probeUrls(context.runFile)[service];
  const isWanted = (parked: ParkedKey): boolean =>
    (!key || parked.key === key) && (!topic || parked.topic === topic);
  const look = async (): Promise<ParkedKey[]> =>
    withDatabase(service, url, (client) => listParkedKeys(statementsOf(client), consumer, MOST_KEYS));

  const before = (await look()).filter(isWanted);
  if (before.length === 0) {
    throw new DomainError('NOTHING_PARKED', 'not-found', {
      message: `nothing of ${consumer} is parked under that key: heed events parked lists what is`,
    });
  }
  await withDatabase(service, ownerUrls(context.runFile)[service], (client) =>
    askForReplay(
      statementsOf(client),
      consumer,
      { ...(key && { key }), ...(topic && { topic }) },
      systemClock.now(),
    ),
  );
  let left = before;
  for (const until = performance.now() + timeout * 1_000; performance.now() < until; await pause(LOOK_MS)) {
    left = (await look()).filter(isWanted);
    if (left.every(({ replayAskedAt }) => replayAskedAt === null)) break;
    output.progress(`${before.length - left.length} of ${before.length} keys go on`);
  }
  output.endProgress();
  output.table(
    before.map((parked) => outcomeOf(parked, left)),
    ['consumer', 'topic', 'key', 'outcome', 'reason', 'attempts'],
  );
  if (left.some(({ replayAskedAt }) => replayAskedAt !== null)) process.exitCode = EXIT.UNREACHABLE;
  else if (left.length > 0) process.exitCode = EXIT.REFUSED;
}

function outcomeOf({ consumer, topic, key }: ParkedKey, left: readonly ParkedKey[]): object {
  const now = left.find((other) => other.topic === topic && other.key === key);
  if (!now) return { consumer, topic, key, outcome: 'goes on', reason: '', attempts: '' };
  const outcome = now.replayAskedAt ? 'marked; the service has not done it yet' : 'stands still again';
  return { consumer, topic, key, outcome, reason: now.reason, attempts: now.attempts };
}

function serviceOf(consumer: string): ServiceName {
  const [service = ''] = consumer.split('.');
  if (isServiceName(service)) return service;
  throw new DomainError('CONSUMER_UNKNOWN', 'invalid-argument', {
    message: `${consumer}: a consumer is called <service>.<what>, as heed events parked shows`,
  });
}
