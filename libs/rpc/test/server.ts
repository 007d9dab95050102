import 'reflect-metadata';
import { Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type MicroserviceOptions } from '@nestjs/microservices';
import { type ServiceDefinition } from '@grpc/grpc-js';
import { type Clock, SigningKey } from '@heed/kernel';
import { logger } from '@heed/telemetry';
import {
  Admission,
  Authentication,
  GrpcServer,
  Health,
  MemberTokens,
  RpcClients,
  RpcErrorFilter,
  ServiceKeys,
  ServiceTokenMint,
  ServiceTokens,
} from '../src/index.js';
import { Issuer } from './tokens.js';

export interface ServedParts {
  controllers: Type[];
  services: ServiceDefinition[];
  clock: Clock;
}

/** A real server of contacts with controllers of a spec's own, real keys and a real JWKS endpoint. */
export async function serve({ controllers, services, clock }: ServedParts) {
  const issuer = new Issuer(clock);
  const identityUrl = await issuer.start();
  const keys = Object.fromEntries(
    ['messaging', 'campaigns', 'privacy'].map((service) => [service, SigningKey.generate()]),
  );
  const lines: string[] = [];
  const serviceKeys = new ServiceKeys(
    async () => Object.entries(keys).map(([service, { publicKey }]) => ({ service, publicKey })),
    clock,
  );
  const members = new MemberTokens(identityUrl, clock);
  const serviceTokens = new ServiceTokens('contacts', serviceKeys, clock);
  const health = new Health();
  const server = new GrpcServer({
    listen: { host: '127.0.0.1', port: 0 },
    services,
    admission: new Admission(new Authentication(members, serviceTokens), clock),
    health,
    log: logger({ service: 'contacts' }, { write: (line) => lines.push(line) }),
  });

  @Module({ controllers })
  class ServedModule {}

  const app = await NestFactory.createMicroservice<MicroserviceOptions>(ServedModule, {
    strategy: server,
    logger: false,
    abortOnError: false,
  });
  app.useGlobalFilters(new RpcErrorFilter());
  const stopIssuer = () => issuer.stop();
  try {
    await app.listen();
  } catch (error) {
    await stopIssuer();
    throw error;
  }
  const address = `127.0.0.1:${server.port}`;
  return {
    issuer,
    keys,
    health,
    server,
    lines,
    address,
    /** Clients as another service has them. */
    clientsOf: (service: string, key = keys[service]!) =>
      new RpcClients({
        targetOf: () => `dns:///${address}`,
        mint: new ServiceTokenMint(service, key, clock),
        clock,
        timeoutMs: 60_000,
      }),
    stop: async () => {
      await app.close();
      await stopIssuer();
    },
  };
}

export type Served = Awaited<ReturnType<typeof serve>>;

/** What a promise rejects with, for expectations about errors. */
export async function refusal(promise: Promise<unknown>): Promise<{ reason: string; kind: string } & Error> {
  try {
    await promise;
  } catch (error) {
    return error as { reason: string; kind: string } & Error;
  }
  throw new Error('nothing was refused');
}
