import { type LoggerService } from '@nestjs/common';
import { type Logger } from '@heed/telemetry';

/** Nest's own words, which it puts together from what it was given, become constants with the part that spoke. */
export function nestLogger(log: Logger): LoggerService {
  const say =
    (level: 'warn' | 'error', message: string) =>
    (said: unknown, ...rest: unknown[]) =>
      log[level](message, {
        component: String(rest.at(-1) ?? 'nest'),
        error: said instanceof Error ? said : undefined,
      });
  return {
    log: () => undefined,
    warn: say('warn', 'warning of the framework'),
    error: say('error', 'error of the framework'),
    fatal: say('error', 'error of the framework'),
  };
}
