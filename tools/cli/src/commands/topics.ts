import { type Command } from 'commander';
import { applyTopics } from '@heed/events';
import { DomainError } from '@heed/kernel';
import { findBrokers } from '../installation.js';
import { type Context } from '../context.js';

export function addTopics(heed: Command, context: Context): void {
  const topics = heed.command('topics').description('Kafka topics, as the contracts name them');
  topics
    .command('apply')
    .description(
      'Makes the topics that are missing and sets their retention. Never deletes, never repartitions.',
    )
    .option('--brokers <list>', 'host:port,... (default: KAFKA_BROKERS, else run.json)')
    .addHelpText('after', '\nExample: heed topics apply --brokers kafka-0:9092,kafka-1:9092')
    .action(async ({ brokers }: { brokers?: string }) => {
      const list = brokers?.split(',') ?? findBrokers(heed.opts<{ run?: string }>().run);
      if (!list) {
        throw new DomainError('BROKERS_MISSING', 'invalid-argument', {
          message:
            'No brokers: give --brokers, or set KAFKA_BROKERS. The embedded bus has no topics to make.',
        });
      }
      const applied = await applyTopics({ brokers: list });
      context.output.record({ brokers: list.join(','), ...applied });
    });
}
