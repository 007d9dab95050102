import { SETTINGS } from '@heed/config';
import { privacyV1 } from '@heed/contracts';
import { OwnPermitRow } from '@heed/permits';
import { defineService } from '@heed/service';
import { PackagePartRow } from './access/package-part.entity.js';
import { AppModule } from './app.module.js';
import {
  AuditAnchorEntity,
  AuditEntryEntity,
  AuditHeadEntity,
  AuditPendingEntity,
} from './audit/audit-entry.entity.js';
import { infrastructureOfPrivacy, requestRecord } from './infrastructure.js';
import { logTables } from './log/log.module.js';
import { participantKeys } from './participants/participant.store.js';
import { participantTables } from './participants/participant-tables.js';
import { processorTables } from './processors/processor-tables.js';
import { RequesterNoticeRow, RequesterRow } from './requesters/requester.entity.js';
import { offsiteErasures } from './restores/offsite-erasures.js';
import { offsiteHolds, offsiteRequests } from './restores/offsite-requests.js';
import { returnedRequests } from './restores/return-requests.js';
import { RequestCorrectionRow } from './requests/request-correction.entity.js';
import { RequestIdentifierRow } from './requests/request-identifier.entity.js';
import { ReviewRuleRow, ReviewRulesRow } from './review/review-rules.entity.js';
import { SearchNeedleRow } from './sweeps/search-needle.entity.js';
import { sweepTables } from './sweeps/sweep-tables.js';
import { demandAllAnswer, privacySettings, type PrivacySettings } from './settings.js';

export const privacy = defineService({
  name: 'privacy',
  module: AppModule,
  grpc: [
    privacyV1.RequestsServiceService,
    privacyV1.LogServiceService,
    privacyV1.AuditServiceService,
    privacyV1.DataMapServiceService,
    privacyV1.ParticipantsServiceService,
    privacyV1.RequesterPermitsServiceService,
    privacyV1.RestoresServiceService,
    privacyV1.SweepsServiceService,
    privacyV1.HoldsServiceService,
    privacyV1.ProcessorsServiceService,
  ],
  participantKeys: (uow) => uow.runAcross('service', participantKeys),
  http: false,
  entities: [
    ...[AuditAnchorEntity, AuditEntryEntity, AuditHeadEntity, AuditPendingEntity],
    ...[PackagePartRow, RequestIdentifierRow, OwnPermitRow, RequesterRow, RequesterNoticeRow],
    ...[RequestCorrectionRow, ReviewRulesRow, ReviewRuleRow, SearchNeedleRow],
  ],
  stores: [requestRecord],
  // Requests first: batches of the ledger find those that they were ordered for.
  offsite: [offsiteRequests, offsiteHolds, offsiteErasures],
  resync: { before: [returnedRequests] },
  infrastructure: [
    ...[...infrastructureOfPrivacy, ...logTables, ...participantTables],
    ...[...processorTables, ...sweepTables],
  ],
  migrations: new URL('../migrations/', import.meta.url),
  settings: privacySettings,
  beforeServing: async (get) => demandAllAnswer(get<PrivacySettings>(SETTINGS)),
});
