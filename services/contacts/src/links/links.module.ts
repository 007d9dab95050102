import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module.js';
import { SuppressionModule } from '../suppression/suppression.module.js';
import { FollowLink } from './follow-link.js';
import { OptOutLinks } from './opt-out-links.js';
import { OptOutHttp } from './opt-out.http.js';

@Module({
  imports: [ContactsModule, SuppressionModule],
  controllers: [OptOutHttp],
  providers: [FollowLink, OptOutLinks],
  exports: [OptOutLinks],
})
export class LinksModule {}
