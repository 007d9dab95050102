import { Module } from '@nestjs/common';
import { ContactRulesModule } from '../contact-rules/contact-rules.module.js';
import { LinksModule } from '../links/links.module.js';
import { SignUpPermitsModule } from '../sign-ups/sign-up-permits.module.js';
import { SuppressionModule } from '../suppression/suppression.module.js';
import { Durability } from './durability.js';
import { ExplainPermit } from './explain-permit.js';
import { IssuePermits } from './issue-permits.js';
import { LiftStops } from './lift-stops.js';
import { PermitDays } from './permit-days.js';
import { PermitsGrpc } from './permits.grpc.js';
import { Quarantine } from './quarantine.js';
import { ReturnPermits } from './return-permits.js';
import { StopPermits } from './stop-permits.js';
import { StreamPermits } from './stream-permits.js';

@Module({
  imports: [ContactRulesModule, LinksModule, SignUpPermitsModule, SuppressionModule],
  controllers: [PermitsGrpc],
  providers: [
    Durability,
    ExplainPermit,
    IssuePermits,
    LiftStops,
    PermitDays,
    Quarantine,
    ReturnPermits,
    StopPermits,
    StreamPermits,
  ],
})
export class PermitsModule {}
