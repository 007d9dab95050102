import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { AnswersModule } from '../answers/answers.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { CertificatesModule } from '../certificates/certificates.module.js';
import { ManifestsModule } from '../manifests/manifests.module.js';
import { OrdersModule } from '../orders/orders.module.js';
import { RequestersModule } from '../requesters/requesters.module.js';
import { NeedlesModule } from '../sweeps/needles.module.js';
import { CreateErasures } from './create-erasures.js';
import { CreateRequest } from './create-request.js';
import { DecideRequest } from './decide-request.js';
import { FindSubject } from './find-subject.js';
import { Identifiers } from './identifiers.js';
import { InformFirst } from './inform-first.js';
import { KeepRequests } from './keep-requests.js';
import { ReadRequests } from './read-requests.js';
import { RequestsGrpc } from './requests.grpc.js';
import { Silence } from './silence.js';

@Module({
  imports: [
    AccessModule,
    AnswersModule,
    AuditModule,
    CertificatesModule,
    ManifestsModule,
    NeedlesModule,
    OrdersModule,
    RequestersModule,
  ],
  controllers: [RequestsGrpc],
  providers: [
    CreateErasures,
    CreateRequest,
    DecideRequest,
    FindSubject,
    Identifiers,
    InformFirst,
    KeepRequests,
    ReadRequests,
    Silence,
  ],
  exports: [Identifiers],
})
export class RequestsModule {}
