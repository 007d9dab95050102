import { Module } from '@nestjs/common';
import { LogModule } from '../log/log.module.js';
import { DataMapGrpc } from './data-map.grpc.js';
import { Manifests } from './manifests.js';
import { RetiredStores } from './retired-stores.js';

@Module({
  imports: [LogModule],
  controllers: [DataMapGrpc],
  providers: [Manifests, RetiredStores],
  exports: [Manifests],
})
export class ManifestsModule {}
