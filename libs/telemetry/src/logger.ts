import { systemClock, type Clock } from '@heed/kernel';
import { type AllowedFields, reduceFields, WITHHELD } from './fields.js';
import { writeLogLine } from './log-lines.js';
import { reduceError } from './reduce-error.js';
import { currentSpanIds } from './spans.js';

export interface Logger {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** The same logger with more scope: what is true for every line that follows. */
  with(scope: AllowedFields): Logger;
}

/** Injection token of the service's logger. */
export const LOGGER = Symbol('Logger');

export type LogFields = AllowedFields & {
  /** Reduced to its kind, reason, SQLSTATE, constraint and lines of code. */
  error?: unknown;
};

export interface LoggerOptions {
  write?: (line: string) => void;
  clock?: Pick<Clock, 'now'>;
}

// Messages are constants of the code. What a template might have put into one is kept out: no '@', no long digits.
const MESSAGE = /^(?!.*\d{5})[\p{L}\p{N} ,.;:'()/_-]{1,160}$/u;

/** One JSON line per message, on standard output: time, level, message, trace, scope, fields. */
export function logger(scope: AllowedFields = {}, options: LoggerOptions = {}): Logger {
  const write = options.write ?? writeLogLine;
  const clock = options.clock ?? systemClock;
  const build = (bound: Record<string, unknown>): Logger => {
    const log =
      (level: string) =>
      (message: string, { error, ...fields }: LogFields = {}): void => {
        const line = {
          time: clock.now().toISOString(),
          level,
          msg: MESSAGE.test(message) ? message : WITHHELD,
          ...bound,
          ...currentSpanIds(),
          ...reduceFields(fields),
          ...(error === undefined ? {} : { error: reduceError(error) }),
        };
        write(`${JSON.stringify(line)}\n`);
      };
    return {
      info: log('info'),
      warn: log('warn'),
      error: log('error'),
      with: (more) => build({ ...bound, ...reduceFields(more) }),
    };
  };
  return build(reduceFields(scope));
}
