import {
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { SETTINGS, type FrameSettings, type Processor } from '@heed/config';
import { type ServiceName } from '@heed/contracts';
import { MANIFEST, type Manifest } from '@heed/data-map';
import { Consumers, Outbox } from '@heed/events';
import { CLOCK, SigningKey, type Clock } from '@heed/kernel';
import { OBJECT_STORE, type ObjectStore } from '@heed/objects';
import { UnitOfWork } from '@heed/postgres';
import { RpcClients, ServiceKeys } from '@heed/rpc';
import { Sealing } from '@heed/sealing';
import { LOGGER, type Logger } from '@heed/telemetry';
import { TellActs } from './audit/tell-acts.js';
import { DataRights } from './data-rights.js';
import { DataRightsGrpc } from './data-rights.grpc.js';
import { DueWork } from './due-work.js';
import { PrivacyCorrections } from './privacy-corrections.js';
import { PrivacyIdentifiers } from './privacy-identifiers.js';
import { type ProcessorSpans } from './handed-over.js';
import { SpecialCases } from './special.js';
import { LogWitness } from './witness/log-witness.js';
import { PrivacyNeedles } from './sweep/privacy-needles.js';

/**
 * Data rights of a service. Imported once, by libs/service; capabilities inject `SpecialCases` to say what is special
 * about them, `DueWork` for durable work of their own, and `TellActs` to have what members do in the audit log. The frame starts `DueWork` with the consumers.
 */
@Module({})
export class DataRightsModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    private readonly dataRights: DataRights,
    private readonly consumers: Consumers,
    private readonly due: DueWork,
  ) {}

  static forRoot(): DynamicModule {
    return {
      module: DataRightsModule,
      global: true,
      controllers: [DataRightsGrpc],
      providers: [
        SpecialCases,
        {
          provide: LogWitness,
          inject: [MANIFEST, UnitOfWork, SigningKey, CLOCK, LOGGER],
          useFactory: (
            { service }: Manifest,
            work: UnitOfWork,
            signing: SigningKey,
            clock: Clock,
            log: Logger,
          ) => new LogWitness({ service, work, signing, clock, log }),
        },
        {
          provide: DueWork,
          inject: [UnitOfWork, CLOCK, LOGGER],
          useFactory: (work: UnitOfWork, clock: Clock, log: Logger) => new DueWork({ work, clock, log }),
        },
        {
          provide: TellActs,
          inject: [MANIFEST, UnitOfWork, DueWork, RpcClients, CLOCK],
          useFactory: (
            { service }: Manifest,
            work: UnitOfWork,
            due: DueWork,
            clients: RpcClients,
            clock: Clock,
          ) => new TellActs({ service, work, due, clients, clock }),
        },
        {
          provide: DataRights,
          inject: [
            MANIFEST,
            UnitOfWork,
            Outbox,
            ServiceKeys,
            RpcClients,
            SigningKey,
            Sealing,
            OBJECT_STORE,
            DueWork,
            SpecialCases,
            SETTINGS,
            CLOCK,
          ],
          useFactory: (
            manifest: Manifest,
            work: UnitOfWork,
            outbox: Outbox,
            keys: ServiceKeys,
            clients: RpcClients,
            signing: SigningKey,
            sealing: Sealing,
            objects: ObjectStore,
            due: DueWork,
            special: SpecialCases,
            settings: FrameSettings,
            clock: Clock,
          ) =>
            new DataRights({
              service: manifest.service as ServiceName,
              ...{ manifest, work, outbox, keys, signing, sealing, objects, due, special, clock },
              identifiers: new PrivacyIdentifiers(clients),
              corrections: new PrivacyCorrections(clients),
              needles: new PrivacyNeedles(clients),
              processors: spansOf(manifest.service, settings.HEED_PROCESSORS),
              sweepPauseMs: settings.HEED_SWEEP_PAUSE_MS,
            }),
        },
      ],
      exports: [DataRights, DueWork, LogWitness, SpecialCases, TellActs],
    };
  }

  onApplicationBootstrap(): void {
    this.dataRights.listen(this.consumers);
  }

  async onModuleDestroy(): Promise<void> {
    await this.dataRights.sweeps.stop();
    await this.due.stop();
  }
}

/** From when until when each of its processors worked for this service. */
function spansOf(service: string, processors: readonly Processor[] = []): ProcessorSpans {
  return new Map(
    processors
      .filter((processor) => processor.service === service)
      .map(({ name, ...span }) => [name, 'retiredSince' in span ? {} : span]),
  );
}
