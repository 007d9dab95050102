import { type ServiceDefinition as GrpcService } from '@grpc/grpc-js';
import { type frameSettings } from '@heed/config';
import { type ServiceName } from '@heed/contracts';
import { type DeclaredStore, type InfrastructureTable } from '@heed/data-map';
import { type EntityClass, type UnitOfWork } from '@heed/postgres';
import { type PublishedKey } from '@heed/rpc';
import { type Type } from '@nestjs/common';
import { type z } from 'zod';
import { type OffsiteLog } from './offsite/offsite-log.js';
import { type ResyncStep } from './resync.js';

type FrameShape = (typeof frameSettings)['shape'];

/** All that the frame has to know of a service. The rest is in its Nest module. */
export interface ServiceDefinition {
  name: ServiceName;
  /** Controllers, use cases and stores. What the frame gives is global (frame-module.ts). */
  module: Type;
  /** gRPC services that it serves, as the contracts generate them: `contactsV1.ConsentServiceService`. */
  grpc: readonly GrpcService[];
  /** Whether the outside world comes in over HTTP. Without, Express is never loaded. */
  http: boolean;
  /** Every entity: the data map is made of them. */
  entities: readonly EntityClass[];
  /** What holds personal data and is no table of an entity. */
  stores?: readonly DeclaredStore[];
  /** Tables without a tenant's data that the service brings. */
  infrastructure?: readonly InfrastructureTable[];
  /** Folder of its migrations: `new URL('../migrations/', import.meta.url)`. */
  migrations: URL;
  /** The frame's settings extended by its own; the frame's alone if absent. */
  settings?: z.ZodObject<{ [Key in keyof FrameShape]: z.ZodType } & z.ZodRawShape>;
  /** Keys of callers that identity does not know: participants, which privacy enrols. */
  participantKeys?: (uow: UnitOfWork) => Promise<PublishedKey[]>;
  /**
   * How it catches up after its database was put back, beside what every service does: `before` it reads what the others
   * have told since, and `after` erasures were carried out again.
   */
  resync?: { before?: readonly ResyncStep[]; after?: readonly ResyncStep[] };
  /** What is copied off site as it is written (HEED_OFFSITE). */
  offsite?: readonly OffsiteLog[];
  /** Runs before anything is consumed or sent; what it throws keeps the service from serving. */
  beforeServing?: (
    get: <T>(token: Type<T> | symbol) => T,
    /** Those that the database knows. */
    tenants: () => Promise<string[]>,
  ) => Promise<void>;
}

/** A service, in `services/<name>/src/service.ts`. */
export function defineService(definition: ServiceDefinition): ServiceDefinition {
  return definition;
}
