import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module.js';
import { LinksModule } from '../links/links.module.js';
import { SuppressionModule } from '../suppression/suppression.module.js';
import { ConsentGrpc } from './consent.grpc.js';
import { Evidence } from './evidence.js';
import { GetOptOut } from './get-opt-out.js';
import { HeardFrom } from './heard-from.js';
import { RecordConsent } from './record-consent.js';
import { RecordOptOut } from './record-opt-out.js';

@Module({
  imports: [ContactsModule, LinksModule, SuppressionModule],
  controllers: [ConsentGrpc],
  providers: [Evidence, GetOptOut, HeardFrom, RecordConsent, RecordOptOut],
})
export class ConsentModule {}
