import { eventTypes } from '@heed/contracts';
import { type ServiceDefinition } from '@heed/service';
import { findConsumers, shortNameOf } from './find-consumers.js';
import { code, table, wordsIn } from './marked.js';
import { protoComments } from './proto-comments.js';

/**
 * What the service tells others, from the contracts, and what it listens to, from its consumers. What it does about
 * the latter is said by hand.
 */
export function eventsPart({ name }: Pick<ServiceDefinition, 'name'>, page: string): string {
  const said = new Map([
    ...protoComments(`proto/heed/${name}/v1`),
    ...protoComments('proto/heed/datarights/v1'),
  ]);
  const words = wordsIn(page, 'events', 4);
  const out = eventTypes
    .filter(({ producer }) => producer === name)
    .map((event) => {
      const short = shortNameOf(event);
      return [
        `out ${code(short)}`,
        code(event.topic),
        code(snake(event.keyField)),
        '',
        said.get(short) ?? '',
      ];
    });
  // Taken by libs/data-rights, in every service.
  const taken = [
    { event: 'OrdersIssued', group: `${name}.orders` },
    { event: 'HoldChanged', group: `${name}.holds` },
  ];
  const into = [...findConsumers(name), ...taken].map(({ event, group }) => {
    const types = eventTypes.filter((candidate) => shortNameOf(candidate) === event);
    const topic = types.length === 1 ? types[0]!.topic : 'heed.*.receipt.v1';
    const key = `in ${code(event)}`;
    return [
      key,
      code(topic),
      code(snake(types[0]!.keyField)),
      code(group),
      words.get(key) || (ALL_TAKE[event] ?? ''),
    ];
  });
  return table(['event', 'topic', 'key', 'group', 'what it is about'], [...out, ...into]);
}

/** What libs/data-rights does about it. */
const ALL_TAKE: Record<string, string> = {
  OrdersIssued: 'carried out by libs/data-rights',
  HoldChanged: 'kept by libs/data-rights: purges by age spare whom a hold keeps',
};

const snake = (property: string): string =>
  property.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
