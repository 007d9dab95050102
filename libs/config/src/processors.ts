import { z } from 'zod';

/** Services that hand something about people to somebody else. */
const SERVICES = ['messaging', 'telephony'] as const;

/** Somebody else who works for a service, from when until when; or one of whom nothing is left to be asked. */
export type Processor = { service: (typeof SERVICES)[number]; name: string } & (
  { from?: Date; until?: Date } | { retiredSince: string }
);

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * `messaging.relay`, with `:FROM..UNTIL` (days, UTC, the last one not included; either may be left out) where it did not
 * work for the service all the time, or `:retired:DAY`, separated by commas; or `none`.
 */
export const processors = z.string().transform((value, context): Processor[] => {
  if (value.trim() === 'none') return [];
  const read = value.split(',').map((part) => processorOf(part.trim()));
  const names = new Set(read.map((one) => one && `${one.service}.${one.name}`));
  if (read.includes(undefined) || names.size !== read.length) {
    context.issues.push({ code: 'custom', input: '', message: 'not a list of processors' });
    return z.NEVER;
  }
  return read as Processor[];
});

function processorOf(part: string): Processor | undefined {
  const [, of, name, rest] = /^([a-z]+)\.([a-z][a-z0-9-]{0,40})(?::(.+))?$/.exec(part) ?? [];
  const service = SERVICES.find((each) => each === of);
  if (!service || !name) return undefined;
  if (rest === undefined) return { service, name };
  if (rest.startsWith('retired:')) {
    const since = rest.slice('retired:'.length);
    return isDay(since) ? { service, name, retiredSince: since } : undefined;
  }
  const [from = '', until = '', ...more] = rest.split('..');
  const areDays = [from, until].every((day) => day === '' || isDay(day));
  if (!rest.includes('..') || more.length > 0 || !areDays || (from === '' && until === '')) return undefined;
  if (from !== '' && until !== '' && until <= from) return undefined;
  return {
    ...{ service, name },
    ...(from !== '' && { from: new Date(from) }),
    ...(until !== '' && { until: new Date(until) }),
  };
}

function isDay(text: string): boolean {
  return DAY.test(text) && !Number.isNaN(Date.parse(text));
}
