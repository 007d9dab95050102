import { Option, type Command } from 'commander';
import { topics as allTopics } from '@heed/contracts';
import { listParkedKeys, tailKafka, tailOutboxes, type TailedEvent, type TailOptions } from '@heed/events';
import { DomainError, systemClock } from '@heed/kernel';
import { type Context } from '../context.js';
import { inEveryDatabase, statementsOf } from '../databases.js';
import { EXIT } from '../exit-codes.js';
import { withExample } from '../help.js';
import { findKafka, probeUrls } from '../installation.js';
import { positiveNumber } from '../paging.js';
import { toJson } from '../output.js';
import { time } from '../words.js';
import { addReplay } from './events-replay.js';

interface Filter {
  topic?: string[];
  type?: string;
  subject?: string;
  from: TailOptions['from'];
  follow?: boolean;
  limit?: number;
  brokers?: string;
}

export function addEvents(heed: Command, context: Context): void {
  const events = heed.command('events').description('What services tell each other, and what is stuck');
  withExample(events, 'heed events tail --from beginning --limit 10');
  addTail(events, context);
  addParked(events, context);
  addReplay(events, context);
}

function addTail(events: Command, context: Context): void {
  const tail = events
    .command('tail')
    .description('Shows events as they lie on the bus, payload decoded. Joins no group of a service.')
    .option('--topic <topic...>', 'only these topics (default: all of the contracts)')
    .option('--type <name>', 'only this type, with or without its package: ConsentChanged')
    .option('--subject <id>', 'only about this contact, or with this key')
    .addOption(
      new Option('--from <where>', 'beginning: what is there, to its end; now: what comes, until Ctrl-C')
        .choices(['beginning', 'now'])
        .default('now'),
    )
    .option('--follow', 'with --from beginning: go on with what comes')
    .option('--limit <n>', 'stop after so many', positiveNumber)
    .option('--brokers <list>', 'host:port,... (default: KAFKA_BROKERS, else run.json)');
  withExample(
    tail,
    'heed events tail --type ConsentChanged',
    'heed events tail --from beginning --subject 0199... --json',
  ).action((filter: Filter) => follow(filter, context));
}

async function follow(filter: Filter, context: Context): Promise<void> {
  const unknown = (filter.topic ?? []).filter((topic) => !allTopics.some(({ name }) => name === topic));
  if (unknown.length > 0) {
    throw new DomainError('TOPIC_UNKNOWN', 'invalid-argument', {
      message: `${unknown.join(', ')}: there are ${allTopics.map(({ name }) => name).join(', ')}`,
    });
  }
  const { output } = context;
  const enough = new AbortController();
  const interrupt = (): void => enough.abort();
  process.once('SIGINT', interrupt);
  let shown = 0;
  const options: TailOptions = {
    ...(filter.topic && { topics: filter.topic }),
    ...{ from: filter.from, follow: filter.follow ?? false, signal: enough.signal },
    onBegun: () => {
      if (filter.from === 'now') output.note('listening: what comes from now on; Ctrl-C ends it');
    },
    onEvent: (event) => {
      if (!wanted(event, filter)) return true;
      if (output.isJson) output.record(event);
      else output.text(lineOf(event));
      shown += 1;
      return shown < (filter.limit ?? Infinity);
    },
  };
  try {
    const kafka = findKafka(context.runFile, filter.brokers);
    if (kafka) await tailKafka(kafka, options);
    else await tailOutboxes(probeUrls(context.runFile), { ...options, clock: systemClock });
  } finally {
    process.off('SIGINT', interrupt);
  }
}

function wanted({ type, subject, key }: TailedEvent, filter: Filter): boolean {
  const typeFits = !filter.type || type === filter.type || type?.endsWith(`.${filter.type}`) === true;
  return typeFits && (!filter.subject || subject === filter.subject || key === filter.subject);
}

function lineOf({
  time: at,
  type,
  topic,
  partition,
  offset,
  subject,
  key,
  data,
  defect,
}: TailedEvent): string {
  const when = at ? at.toISOString() : '';
  const what = type?.split('.').at(-1) ?? '';
  const about = subject ?? key;
  return `${when}  ${what}  ${topic}/${partition}@${offset}  ${about}  ${defect ?? toJson(data)}`;
}

function addParked(events: Command, context: Context): void {
  const parked = events
    .command('parked')
    .description(
      'Keys that stand still, because a consumer could not handle an event. Exit code 1 where there are any.',
    )
    .option('--consumer <group>', 'only of this consumer, for example campaigns.skip-opted-out')
    .addHelpText('after', '\nLater events of such a key wait behind it; all other keys go on.');
  withExample(parked, 'heed events parked', 'heed events parked --json | head').action(
    async ({ consumer }: { consumer?: string }) => {
      const found = await inEveryDatabase(probeUrls(context.runFile), (client) =>
        listParkedKeys(statementsOf(client), consumer ?? null, 1_000),
      );
      const keys = found.flat();
      const { output } = context;
      output.table(
        keys.map((key) => ({
          ...key,
          type: output.isJson ? key.type : (key.type?.split('.').at(-1) ?? ''),
          since: output.isJson ? key.since : time(key.since.toISOString()),
          asked: key.replayAskedAt ? 'yes' : '',
        })),
        [
          'consumer',
          'type',
          'topic',
          'partition',
          'offset',
          'key',
          'reason',
          'sqlstate',
          'attempts',
          'waiting',
          'since',
          'asked',
        ],
      );
      if (keys.length === 0) return;
      process.exitCode = EXIT.REFUSED;
      output.text('mend the cause, then: heed events replay <consumer> --key <key>');
    },
  );
}
