import { readFileSync } from 'node:fs';
import { type INestApplicationContext, type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type MicroserviceOptions, type NestMicroservice } from '@nestjs/microservices';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { listenAddress } from '@heed/config';
import { DomainError } from '@heed/kernel';
import { RpcErrorFilter } from '@heed/rpc';
import { type Frame } from './frame.js';
import { applicationOf } from './frame-module.js';
import { nestLogger } from './nest-logger.js';

/** The Nest application of a service, with its edges. */
export interface Application {
  context: INestApplicationContext;
  /** Answers health only, until `openHttp` and the service's readiness. */
  listen(): Promise<void>;
  /** Opens the HTTP edge, where there is one. */
  openHttp(): Promise<string | undefined>;
  /** Takes no more requests and lets those in hand end. */
  drain(): Promise<void>;
  /** Cuts every connection. */
  kill(): void;
  close(): Promise<void>;
}

const { version: VERSION } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { version: string };

// abortOnError: what refuses is thrown to whoever starts the service, instead of ending the process.
const OPTIONS = { abortOnError: false };

export function createApplication(frame: Frame): Promise<Application> {
  return frame.definition.http ? withHttp(frame) : grpcOnly(frame);
}

async function grpcOnly(frame: Frame): Promise<Application> {
  const app: INestMicroservice = await NestFactory.createMicroservice<MicroserviceOptions>(
    applicationOf(frame),
    {
      ...OPTIONS,
      logger: nestLogger(frame.log),
      strategy: frame.grpc,
    },
  );
  app.useGlobalFilters(new RpcErrorFilter());
  return {
    context: app,
    listen: async () => void (await app.listen()),
    openHttp: async () => undefined,
    drain: () => frame.grpc.close(),
    kill: () => frame.grpc.kill(),
    close: () => app.close(),
  };
}

async function withHttp(frame: Frame): Promise<Application> {
  const { definition, settings, members, clock, log } = frame;
  if (settings.HEED_HTTP_LISTEN === undefined) {
    throw new DomainError('SETTINGS_INVALID', 'failed-precondition', {
      message: `HEED_HTTP_LISTEN is missing: ${definition.name} has an HTTP edge`,
      violations: [{ field: 'HEED_HTTP_LISTEN', reason: 'missing' }],
    });
  }
  const address = listenAddress(settings.HEED_HTTP_LISTEN);
  // Loaded here: Express is 20 MB that a service without an HTTP edge does not pay.
  const [{ drainHttp, listenHttp, prepareHttpEdge }, { ExpressAdapter }] = await Promise.all([
    import('@heed/http'),
    import('@nestjs/platform-express'),
  ]);
  const app = await NestFactory.create<NestExpressApplication>(applicationOf(frame), new ExpressAdapter(), {
    ...OPTIONS,
    logger: nestLogger(log),
    bodyParser: false,
  });
  prepareHttpEdge(app, {
    ...{ members, clock, log, strictTransport: settings.HEED_ENV === 'production' },
    describe: { service: definition.name, version: VERSION },
  });
  // Deferred: without, the filter comes too late and every refusal would leave as Nest's "Internal server error". The
  // hooks of modules are called once, by the application.
  const hybrid = { inheritAppConfig: false, deferInitialization: true };
  const grpc = app.connectMicroservice<MicroserviceOptions>(
    { strategy: frame.grpc },
    hybrid,
  ) as NestMicroservice;
  grpc.useGlobalFilters(new RpcErrorFilter());
  grpc.setIsInitHookCalled(true);
  return {
    context: app,
    listen: async () => {
      await app.init();
      await app.startAllMicroservices();
    },
    openHttp: () => listenHttp(app, address),
    drain: async () => void (await Promise.all([drainHttp(app), frame.grpc.close()])),
    kill: () => {
      frame.grpc.kill();
      const server = app.getHttpServer();
      server.close();
      server.closeAllConnections();
    },
    close: () => app.close(),
  };
}
