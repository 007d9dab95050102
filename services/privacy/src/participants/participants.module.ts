import { Module } from '@nestjs/common';
import { AnswersModule } from '../answers/answers.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { LogModule } from '../log/log.module.js';
import { ManifestsModule } from '../manifests/manifests.module.js';
import { RequestsModule } from '../requests/requests.module.js';
import { ChangeKey } from './change-key.js';
import { EnrolParticipant } from './enrol-participant.js';
import { GiveCorrections } from './give-corrections.js';
import { GiveIdentifiers } from './give-identifiers.js';
import { ParticipantsGrpc } from './participants.grpc.js';
import { ParticipationGrpc } from './participation.grpc.js';
import { PullOrders } from './pull-orders.js';
import { RegisterManifest } from './register-manifest.js';
import { RetireParticipant } from './retire-participant.js';
import { SubmitReceipt } from './submit-receipt.js';

@Module({
  imports: [AnswersModule, AuditModule, LogModule, ManifestsModule, RequestsModule],
  controllers: [ParticipantsGrpc, ParticipationGrpc],
  providers: [
    ChangeKey,
    EnrolParticipant,
    GiveCorrections,
    GiveIdentifiers,
    PullOrders,
    RegisterManifest,
    RetireParticipant,
    SubmitReceipt,
  ],
})
export class ParticipantsModule {}
