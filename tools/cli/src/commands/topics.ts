import { type Command } from 'commander';
import { applyTopics, diffTopics } from '@heed/events';
import { kafkaSettings } from '../installation.js';
import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { withExample } from '../help.js';

const BROKERS = ['--brokers <list>', 'host:port,... (default: KAFKA_BROKERS, else run.json)'] as const;

export function addTopics(heed: Command, context: Context): void {
  const topics = heed.command('topics').description('Kafka topics, as the contracts name them');
  withExample(topics, 'heed topics diff');
  const apply = topics
    .command('apply')
    .description(
      'Makes the topics that are missing and sets their retention. Never deletes, never repartitions.',
    )
    .option(...BROKERS);
  withExample(apply, 'heed topics apply --brokers kafka-0:9092,kafka-1:9092').action(
    async ({ brokers }: { brokers?: string }) => {
      const kafka = kafkaSettings(context.runFile, brokers);
      const applied = await applyTopics(kafka);
      context.output.record({ brokers: kafka.brokers.join(','), ...applied });
    },
  );
  const diff = topics
    .command('diff')
    .description(
      'Compares the cluster with the contracts and changes nothing. Exit code 1 where they differ.',
    )
    .option(...BROKERS);
  withExample(diff, 'heed topics diff || heed topics apply').action(
    async ({ brokers }: { brokers?: string }) => {
      const found = await diffTopics(kafkaSettings(context.runFile, brokers));
      context.output.table(found, ['topic', 'setting', 'wanted', 'found']);
      if (found.length > 0) process.exitCode = EXIT.REFUSED;
    },
  );
}
