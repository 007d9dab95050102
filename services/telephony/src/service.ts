import { telephonyV1 } from '@heed/contracts';
import { defineService } from '@heed/service';
import { AppModule } from './app.module.js';
import { CallLines } from './calling/call-lines.js';
import { CallEntity } from './calls/call.entity.js';
import { CampaignCopyEntity } from './dispatch/campaign-copy.entity.js';
import { HearOptOut } from './opt-outs/hear-opt-out.js';
import { HeardOptOutEntity } from './opt-outs/heard-opt-out.entity.js';
import { AccessEntryEntity } from './recordings/access-entry.entity.js';
import { RecordingEntity } from './recordings/recording.entity.js';
import { RecordingWork } from './recordings/recording-work.js';
import { recordings } from './recordings/recording-objects.js';
import { MendCalls, openCalls, ownOutcomes } from './restores/mend-calls.js';
import { telephonySettings } from './settings.js';

export const telephony = defineService({
  name: 'telephony',
  module: AppModule,
  grpc: [telephonyV1.CallsServiceService, telephonyV1.SpokenDoubtsServiceService],
  http: false,
  entities: [CallEntity, CampaignCopyEntity, RecordingEntity, AccessEntryEntity, HeardOptOutEntity],
  stores: [recordings],
  migrations: new URL('../migrations/', import.meta.url),
  settings: telephonySettings,
  resync: { before: [openCalls], after: [ownOutcomes] },
  beforeServing: async (get, tenants) => {
    // An operator may have opened it in mid-resync: whoever asked waits for a word still.
    await get(MendCalls).tellRest(await tenants());
    get(RecordingWork).start();
    get(HearOptOut).start();
    get(CallLines).start();
  },
});
