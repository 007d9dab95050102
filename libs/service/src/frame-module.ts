import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { MANIFEST } from '@heed/data-map';
import { DataRightsModule } from '@heed/data-rights';
import { Consumers, Outbox } from '@heed/events';
import { CLOCK, SigningKey } from '@heed/kernel';
import { OBJECT_STORE } from '@heed/objects';
import { Database, UnitOfWork } from '@heed/postgres';
import { Health, MemberTokens, RequestReplay, RpcClients, ServiceKeys } from '@heed/rpc';
import { Sealing } from '@heed/sealing';
import { Signals } from '@heed/signals';
import { LOGGER } from '@heed/telemetry';
import { type Frame } from './frame.js';

/**
 * What can be injected everywhere. Classes by themselves; what is only an interface by its token: `CLOCK`, `SETTINGS`,
 * `LOGGER`, `MANIFEST`, `OBJECT_STORE`.
 */
@Module({})
export class FrameModule {
  static of(frame: Frame): DynamicModule {
    const given = new Map<Type | symbol | (abstract new () => unknown), unknown>([
      [CLOCK, frame.clock],
      [SETTINGS, frame.settings],
      [LOGGER, frame.log],
      [MANIFEST, frame.manifest],
      [OBJECT_STORE, frame.objects],
      [Database, frame.databases.main],
      [UnitOfWork, frame.uow],
      [Outbox, frame.events.outbox],
      [Consumers, frame.events.consumers],
      [RequestReplay, frame.replay],
      [RpcClients, frame.clients],
      [ServiceKeys, frame.serviceKeys],
      [MemberTokens, frame.members],
      [Signals, frame.signals],
      [SigningKey as unknown as Type, frame.signingKey],
      [Sealing, frame.sealing],
      [Health, frame.health],
    ]);
    return {
      module: FrameModule,
      global: true,
      providers: [...given].map(([provide, useValue]) => ({ provide, useValue })),
      exports: [...given.keys()],
    };
  }
}

/** The application of a service: its frame, data rights as every service has them, and its own module. */
export function applicationOf(frame: Frame): DynamicModule {
  return {
    module: ApplicationModule,
    imports: [FrameModule.of(frame), DataRightsModule.forRoot(), frame.definition.module],
  };
}

@Module({})
class ApplicationModule {}
