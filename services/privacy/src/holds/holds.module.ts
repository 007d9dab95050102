import { Module } from '@nestjs/common';
import { AnswersModule } from '../answers/answers.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { ManifestsModule } from '../manifests/manifests.module.js';
import { OrdersModule } from '../orders/orders.module.js';
import { RequestersModule } from '../requesters/requesters.module.js';
import { HoldsGrpc } from './holds.grpc.js';
import { PlaceHold } from './place-hold.js';
import { ReleaseHold } from './release-hold.js';
import { TellHolds } from './tell-holds.js';

@Module({
  imports: [AnswersModule, AuditModule, ManifestsModule, OrdersModule, RequestersModule],
  controllers: [HoldsGrpc],
  providers: [PlaceHold, ReleaseHold, TellHolds],
})
export class HoldsModule {}
