import { campaignsV1 } from '@heed/contracts';
import { defineService } from '@heed/service';
import { AppModule } from './app.module.js';
import { CampaignEntity } from './campaigns/campaign.entity.js';
import { StepEditEntity } from './campaigns/step-edit.entity.js';
import { StepEntity } from './campaigns/step.entity.js';
import { Pacer } from './dispatch/pacer.js';
import { workTable } from './dispatch/work.store.js';
import { EngagementEntity } from './engagement/engagement.entity.js';
import { IntentEntity } from './ledger/intent.entity.js';
import { LedgerEntity, SkipEntity } from './ledger/ledger.entity.js';
import { ResolutionEntity } from './ledger/resolution.entity.js';
import { StepLedgerEntity, StepSkipEntity } from './ledger/step-ledger.entity.js';
import { AttachmentEntity } from './templates/attachment.entity.js';
import { TemplateEntity } from './templates/template.entity.js';

export const campaigns = defineService({
  name: 'campaigns',
  module: AppModule,
  grpc: [campaignsV1.TemplatesServiceService, campaignsV1.CampaignsServiceService],
  http: false,
  entities: [
    ...[TemplateEntity, AttachmentEntity, CampaignEntity, StepEntity, StepEditEntity, IntentEntity],
    ...[LedgerEntity, SkipEntity, StepLedgerEntity, StepSkipEntity, ResolutionEntity],
    EngagementEntity,
  ],
  infrastructure: [workTable],
  migrations: new URL('../migrations/', import.meta.url),
  beforeServing: async (get) => get(Pacer).start(),
});
