import { eventTypes } from '@heed/contracts';
import ts from 'typescript';
import { sourcesUnder } from './place.js';
import { constantsIn, nodesOf, parse, propertyOf, textsOf } from './syntax.js';

export interface Consumer {
  event: string;
  group: string;
}

/** The last part of an event's name, by which code and pages call it. */
export const shortNameOf = ({ name }: { name: string }): string => name.slice(name.lastIndexOf('.') + 1);

const known = new Set(eventTypes.map(shortNameOf));

/** What a service hands to `consumers.add({ event, group, ... })`, or reads once after a restore (`readToEnd`). */
export function findConsumers(service: string): Consumer[] {
  const files = sourcesUnder(`services/${service}/src`).map(parse);
  const constants = constantsIn(files);
  return files
    .flatMap((file) => nodesOf(file, ts.isCallExpression))
    .filter(({ expression }) => /\bconsumers\.add(ForResync)?$|^readToEnd$/.test(expression.getText()))
    .map((call) => consumerOf(call, constants));
}

/** A form that is not understood would be a consumer that no page names, so it is an error. */
function consumerOf(call: ts.CallExpression, constants: ReadonlyMap<string, string>): Consumer {
  const given = call.arguments.find((argument) => ts.isObjectLiteralExpression(argument));
  const words = (given && propertyOf(given, 'event')?.getText().match(/\w+/g)) ?? [];
  const event = words.find((word) => known.has(word));
  const [group] = given ? textsOf(propertyOf(given, 'group'), constants) : [];
  if (event && group) return { event, group };
  throw new Error(
    `no event or no group can be read from ${call.getSourceFile().fileName}: ${call.getText()}`,
  );
}
