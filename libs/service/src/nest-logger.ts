import { type LoggerService } from '@nestjs/common';
import { type Logger } from '@heed/telemetry';

/**
 * Nest's warnings are constants of its code, and the logger withholds one that is not; an error of its may be anything,
 * and is reduced.
 */
export function nestLogger(log: Logger): LoggerService {
  const failed = (said: unknown, ...rest: unknown[]): void =>
    log.error('error of the framework', {
      component: String(rest.at(-1) ?? 'nest'),
      error: said instanceof Error ? said : undefined,
    });
  return {
    log: () => undefined,
    warn: (said: unknown, ...rest: unknown[]) =>
      log.warn(String(said), { component: String(rest.at(-1) ?? 'nest') }),
    error: failed,
    fatal: failed,
  };
}
