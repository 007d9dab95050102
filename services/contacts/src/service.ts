import { contactsV1 } from '@heed/contracts';
import { defineService } from '@heed/service';
import { AppModule } from './app.module.js';
import { ConsentEntryRow } from './consent/consent-entry.entity.js';
import { ConsentEvidenceRow } from './consent/consent-evidence.entity.js';
import { ConsentStateRow } from './consent/consent-state.entity.js';
import { consentsRecovered, recoverOptOuts } from './consent/recover-opt-outs.js';
import { OptOutConfirmationRow } from './consent/opt-out-confirmation.entity.js';
import { ChangeEntryRow } from './audit/change-entry.entity.js';
import { AccessEntryRow } from './audit/access-entry.entity.js';
import { ContactHoursRow } from './contact-rules/contact-hours.entity.js';
import { ContactRulesRow } from './contact-rules/contact-rules.entity.js';
import { FrequencyCapRow } from './contact-rules/frequency-cap.entity.js';
import { ContactRow } from './contacts/contact.entity.js';
import { EndpointRow } from './contacts/endpoint.entity.js';
import { EndpointStateRow } from './deliverability/endpoint-state.entity.js';
import { ImportRejectRow } from './imports/import-reject.entity.js';
import { ImportWorker } from './imports/import-worker.js';
import { ImportRow } from './imports/import.entity.js';
import { StagedRow } from './imports/staged-row.entity.js';
import { ListMemberRow } from './lists/list-member.entity.js';
import { ListRow } from './lists/list.entity.js';
import { PermitDays } from './permits/permit-days.js';
import { PermitRow } from './permits/permit.entity.js';
import { recoverStops } from './permits/recover-stops.js';
import { StoppedRow } from './permits/stopped.entity.js';
import { contactsSettings } from './settings.js';
import { SignUpConfirmationRow } from './sign-ups/sign-up-confirmation.entity.js';
import { SignUpFormRow } from './sign-ups/sign-up-form.entity.js';
import { SignUpRow } from './sign-ups/sign-up.entity.js';
import { suppressedAddresses } from './suppression/kept-hashes.js';
import { formAddresses, offsiteKeys } from './suppression/offsite-keys.js';
import { offsiteSuppressions } from './suppression/offsite-suppressions.js';
import { SuppressionRotationRow } from './suppression/suppression-rotation.entity.js';
import { SuppressionRow } from './suppression/suppression.entity.js';

export const contacts = defineService({
  name: 'contacts',
  module: AppModule,
  grpc: [
    contactsV1.ContactsServiceService,
    contactsV1.ListsServiceService,
    contactsV1.ImportsServiceService,
    contactsV1.ConsentServiceService,
    contactsV1.PermitsServiceService,
    contactsV1.ContactRulesServiceService,
    contactsV1.SuppressionServiceService,
    contactsV1.SignUpFormsServiceService,
    contactsV1.ChangesServiceService,
  ],
  http: true,
  entities: [
    AccessEntryRow,
    ChangeEntryRow,
    ConsentEntryRow,
    ConsentEvidenceRow,
    ConsentStateRow,
    ContactHoursRow,
    ContactRow,
    ContactRulesRow,
    EndpointRow,
    EndpointStateRow,
    FrequencyCapRow,
    ImportRejectRow,
    ImportRow,
    ListMemberRow,
    ListRow,
    OptOutConfirmationRow,
    PermitRow,
    SignUpConfirmationRow,
    SignUpFormRow,
    SignUpRow,
    StagedRow,
    StoppedRow,
    SuppressionRotationRow,
    SuppressionRow,
  ],
  stores: [suppressedAddresses],
  // Keys first: entries are found by them.
  offsite: [offsiteKeys, offsiteSuppressions],
  migrations: new URL('../migrations/', import.meta.url),
  settings: contactsSettings,
  resync: { before: recoverOptOuts, after: [...formAddresses, ...recoverStops, ...consentsRecovered] },
  beforeServing: async (get) => {
    await get(PermitDays).start();
    get(ImportWorker).start();
  },
});
