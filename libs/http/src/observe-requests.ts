import { type Logger, metrics, withRemoteParent, withSpan } from '@heed/telemetry';
import { type NextFunction, type Request, type Response } from 'express';

const duration = metrics.histogram('heed_http_server_ms', {
  description: 'How long requests took that this service answered, by route and status.',
  unit: 'ms',
});

/**
 * A span, a figure and a line in the log for each request, under the route's template. The path itself is written
 * nowhere: a one-click link carries its token in it (ATTACKS 4.2).
 */
export function observeRequests(log: Logger) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const startedAt = performance.now();
    const { method } = request;
    withRemoteParent(request.headers.traceparent as string | undefined, () =>
      withSpan(
        method,
        {},
        (span) =>
          new Promise<void>((resolve) => {
            response.once('close', () => {
              const route = (request.route as { path?: string } | undefined)?.path ?? 'unmatched';
              // 499: nginx's own status for a client that left; nothing was sent.
              const httpStatus = response.writableFinished ? response.statusCode : 499;
              const ms = Math.round((performance.now() - startedAt) * 10) / 10;
              span.rename(`${method} ${route}`);
              span.set({ route, httpStatus });
              duration.record(ms, { method, route, httpStatus });
              log.info('request', { method, route, httpStatus, ms });
              resolve();
            });
            next();
          }),
        { kind: 'server' },
      ),
    ).catch(() => undefined); // an error of a handler is answered by the filter and never comes here
  };
}
