import { type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type ListenAddress } from '@heed/config';
import { type Clock } from '@heed/kernel';
import { type Logger } from '@heed/telemetry';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { type Express } from 'express';
import { BodyInterceptor } from './body-interceptor.js';
import { HttpGuard, type MemberVerifier } from './http-guard.js';
import { observeRequests } from './observe-requests.js';
import { ProblemFilter } from './problem-filter.js';
import { openApiOf } from './openapi.js';
import { controllersOf, demandAccess, routesOf } from './routes.js';
import { securityHeaders } from './security-headers.js';

export interface HttpEdgeOptions {
  members: MemberVerifier;
  clock: Pick<Clock, 'now'>;
  log: Logger;
  /** Tells browsers to come by TLS only. */
  strictTransport: boolean;
  /** Serves what the routes say of themselves at `/openapi.json`. */
  describe?: { service: string; version: string };
}

const CLOSE_WITHIN_MS = 5_000;

/**
 * The HTTP edge of a service, on a Nest application created with `bodyParser: false`. Call it before the application
 * is initialised; it refuses where a route does not say who may use it.
 */
export function prepareHttpEdge(app: NestExpressApplication, options: HttpEdgeOptions): void {
  demandAccess(routesOf(app));
  const filter = new ProblemFilter(options.log);
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(observeRequests(options.log), securityHeaders(options));
  app.useGlobalGuards(new HttpGuard(options.members, options.clock));
  app.useGlobalInterceptors(new BodyInterceptor());
  app.useGlobalFilters(filter);
  if (options.describe) serveDescription(app, options.describe);
}

function serveDescription(
  app: NestExpressApplication,
  { service, version }: NonNullable<HttpEdgeOptions['describe']>,
): void {
  const document = JSON.stringify(openApiOf(service, version, controllersOf(app)));
  const express = app.getHttpAdapter().getInstance() as Express;
  express.get('/openapi.json', (_request, response) => {
    response.setHeader('cache-control', 'public, max-age=300').type('application/json').send(document);
  });
}

/** Listens, and answers with the address that others reach. */
export async function listenHttp(app: NestExpressApplication, listen: ListenAddress): Promise<string> {
  const server: Server = app.getHttpServer();
  server.headersTimeout = 10_000;
  // An upload of a large file; what is not streamed is read within 30 s (read-body.ts).
  server.requestTimeout = 3_600_000;
  server.keepAliveTimeout = 65_000;
  await app.listen(listen.port, listen.host);
  return `http://${listen.host}:${(server.address() as AddressInfo).port}`;
}

/** Takes no new connections, lets requests in hand end within 5 s, then closes what is left. */
export async function drainHttp(app: NestExpressApplication): Promise<void> {
  const server: Server = app.getHttpServer();
  if (!server.listening) return;
  const timer = setTimeout(() => server.closeAllConnections(), CLOSE_WITHIN_MS);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(timer);
}
