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
  // Orders are taken by libs/data-rights, in every service.
  const orders = { event: 'OrdersIssued', group: `${name}.orders` };
  const into = [...findConsumers(name), orders].map(({ event, group }) => {
    const types = eventTypes.filter((candidate) => shortNameOf(candidate) === event);
    const topic = types.length === 1 ? types[0]!.topic : 'heed.*.receipt.v1';
    const otherwise = event === orders.event ? 'carried out by libs/data-rights' : '';
    const key = `in ${code(event)}`;
    return [key, code(topic), code(snake(types[0]!.keyField)), code(group), words.get(key) || otherwise];
  });
  return table(['event', 'topic', 'key', 'group', 'what it is about'], [...out, ...into]);
}

const snake = (property: string): string =>
  property.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
