import { Module } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { DispatchModule } from '../dispatch/dispatch.module.js';
import { type MessagingSettings } from '../settings.js';
import { EngagementQueue } from './engagement-queue.js';
import { EngagementStore } from './engagement.store.js';
import { EngagementsGrpc } from './engagements.grpc.js';
import { MachineNetworks } from './machine-networks.js';
import { PurgeEngagements } from './purge-engagements.js';
import { RecordEngagements } from './record-engagements.js';
import { TrackingHttp } from './tracking.http.js';
import { TrackingLinks } from './tracking-links.js';

const networks = {
  provide: MachineNetworks,
  inject: [SETTINGS],
  useFactory: ({ HEED_TRACKING_NETWORKS_FILE: file }: MessagingSettings) => MachineNetworks.read(file),
};

@Module({
  imports: [DispatchModule],
  controllers: [EngagementsGrpc, TrackingHttp],
  providers: [
    ...[networks, TrackingLinks],
    ...[EngagementStore, EngagementQueue, RecordEngagements, PurgeEngagements],
  ],
  exports: [TrackingLinks],
})
export class TrackingModule {
  constructor(
    private readonly queue: EngagementQueue,
    private readonly purging: PurgeEngagements,
  ) {}

  /** Begins when the service is ready to serve (service.ts). */
  start(): void {
    this.queue.start();
    this.purging.start();
  }
}
