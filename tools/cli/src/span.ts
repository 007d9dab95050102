import { InvalidArgumentError, type Command } from 'commander';

/** What `--since` and `--until` were given, as RFC 3339; empty where they were not. */
export interface Span {
  since: string;
  until: string;
}

/** A day, which begins at midnight UTC, or a time with its zone; as RFC 3339. */
export function moment(value: string): string {
  const at = new Date(value);
  if (!/^\d{4}-\d\d-\d\d(T.+(Z|[+-]\d\d:\d\d))?$/.test(value) || Number.isNaN(at.getTime())) {
    throw new InvalidArgumentError(
      'a day (2026-11-01) or a time with its zone (2026-11-01T09:00Z) is expected',
    );
  }
  return at.toISOString();
}

/** Lets a list be cut to what happened between two times. */
export function withSpan(command: Command, what: string): Command {
  return command
    .option(
      '--since <time>',
      `only ${what} at this time or later (2026-11-01, 2026-11-01T09:00Z)`,
      moment,
      '',
    )
    .option('--until <time>', `only ${what} before this time`, moment, '');
}
