import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { AnswersModule } from '../answers/answers.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { CertificatesModule } from '../certificates/certificates.module.js';
import { LogModule } from '../log/log.module.js';
import { ManifestsModule } from '../manifests/manifests.module.js';
import { OrdersModule } from '../orders/orders.module.js';
import { RequestersModule } from '../requesters/requesters.module.js';
import { NeedlesModule } from '../sweeps/needles.module.js';
import { ApproveRequest } from '../review/approve-request.js';
import { UpdateReviewRules } from '../review/update-review-rules.js';
import { Corrections } from './corrections.js';
import { CreateErasures } from './create-erasures.js';
import { CreateRequest } from './create-request.js';
import { DecideRequest } from './decide-request.js';
import { EndRequest } from './end-request.js';
import { FindSubject } from './find-subject.js';
import { Identifiers } from './identifiers.js';
import { InformFirst } from './inform-first.js';
import { KeepRequests } from './keep-requests.js';
import { PermitStops } from './permit-stops.js';
import { ReadRequests } from './read-requests.js';
import { RequestsGrpc } from './requests.grpc.js';
import { Silence } from './silence.js';

@Module({
  imports: [
    AccessModule,
    AnswersModule,
    AuditModule,
    CertificatesModule,
    LogModule,
    ManifestsModule,
    NeedlesModule,
    OrdersModule,
    RequestersModule,
  ],
  controllers: [RequestsGrpc],
  providers: [
    ApproveRequest,
    Corrections,
    CreateErasures,
    CreateRequest,
    DecideRequest,
    EndRequest,
    FindSubject,
    Identifiers,
    InformFirst,
    KeepRequests,
    PermitStops,
    ReadRequests,
    Silence,
    UpdateReviewRules,
  ],
  exports: [Corrections, Identifiers],
})
export class RequestsModule {}
