import { Module } from '@nestjs/common';
import { AnswersModule } from '../answers/answers.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { ManifestsModule } from '../manifests/manifests.module.js';
import { OrdersModule } from '../orders/orders.module.js';
import { RequestersModule } from '../requesters/requesters.module.js';
import { NeedlesModule } from '../sweeps/needles.module.js';
import { ReadErasures } from './read-erasures.js';
import { ReadHolds } from './read-holds.js';
import { ReadStops } from './read-stops.js';
import { RestoresGrpc } from './restores.grpc.js';
import { ReturnRequests } from './return-requests.js';
import { WitnessIncarnation } from './witness-incarnation.js';

@Module({
  imports: [AnswersModule, AuditModule, ManifestsModule, NeedlesModule, OrdersModule, RequestersModule],
  controllers: [RestoresGrpc],
  providers: [ReadErasures, ReadHolds, ReadStops, ReturnRequests, WitnessIncarnation],
})
export class RestoresModule {}
