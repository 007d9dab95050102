import { Module } from '@nestjs/common';
import { AccessModule } from './access/access.module.js';
import { AnswersModule } from './answers/answers.module.js';
import { AuditModule } from './audit/audit.module.js';
import { CertificatesModule } from './certificates/certificates.module.js';
import { HoldsModule } from './holds/holds.module.js';
import { LogEdgeModule } from './log/log-edge.module.js';
import { ManifestsModule } from './manifests/manifests.module.js';
import { OrdersModule } from './orders/orders.module.js';
import { ParticipantsModule } from './participants/participants.module.js';
import { ProcessorsModule } from './processors/processors.module.js';
import { RequestsModule } from './requests/requests.module.js';
import { RestoresModule } from './restores/restores.module.js';
import { SweepsModule } from './sweeps/sweeps.module.js';

@Module({
  imports: [
    AccessModule,
    AnswersModule,
    AuditModule,
    CertificatesModule,
    HoldsModule,
    LogEdgeModule,
    ManifestsModule,
    OrdersModule,
    ParticipantsModule,
    ProcessorsModule,
    RequestsModule,
    RestoresModule,
    SweepsModule,
  ],
})
export class AppModule {}
