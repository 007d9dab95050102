import { Module } from '@nestjs/common';
import { CampaignsGrpc } from './campaigns/campaigns.grpc.js';
import { CommandCampaign } from './campaigns/command-campaign.js';
import { ListCountries } from './campaigns/list-countries.js';
import { CreateCampaign } from './campaigns/create-campaign.js';
import { ChangeSteps } from './campaigns/change-steps.js';
import { UpdateStep } from './campaigns/update-step.js';
import { WatchCampaign } from './campaigns/watch-campaign.js';
import { DispatchDue } from './dispatch/dispatch-due.js';
import { Pacer } from './dispatch/pacer.js';
import { EngagementRecordedConsumer } from './engagement/engagement-recorded.consumer.js';
import { AttemptConcludedConsumer } from './ledger/attempt-concluded.consumer.js';
import { CallConcludedConsumer } from './ledger/call-concluded.consumer.js';
import { CampaignChanges } from './ledger/campaign-changes.js';
import { ConcludeIntents } from './ledger/conclude-intents.js';
import { ConsentChangedConsumer } from './ledger/consent-changed.consumer.js';
import { CountErased } from './ledger/count-erased.js';
import { DeliveryReportedConsumer } from './ledger/delivery-reported.consumer.js';
import { FollowEnds } from './ledger/follow-ends.js';
import { ListIntents } from './ledger/list-intents.js';
import { ResolveIntent } from './ledger/resolve-intent.js';
import { PlanAudience } from './planning/plan-audience.js';
import { CreateTemplate } from './templates/create-template.js';
import { TemplatesGrpc } from './templates/templates.grpc.js';

@Module({
  controllers: [TemplatesGrpc, CampaignsGrpc],
  providers: [
    ...[
      CreateTemplate,
      CreateCampaign,
      UpdateStep,
      ChangeSteps,
      CommandCampaign,
      ListCountries,
      WatchCampaign,
      ListIntents,
      ResolveIntent,
    ],
    ...[PlanAudience, DispatchDue, Pacer],
    ...[CampaignChanges, FollowEnds, ConcludeIntents, CountErased],
    ...[AttemptConcludedConsumer, CallConcludedConsumer, DeliveryReportedConsumer, ConsentChangedConsumer],
    EngagementRecordedConsumer,
  ],
})
export class AppModule {}
