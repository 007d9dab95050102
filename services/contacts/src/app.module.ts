import { Module } from '@nestjs/common';
import { ConsentModule } from './consent/consent.module.js';
import { ContactsModule } from './contacts/contacts.module.js';
import { CorrectionModule } from './correction/correction.module.js';
import { DeliverabilityModule } from './deliverability/deliverability.module.js';
import { ErasureModule } from './erasure/erasure.module.js';
import { ImportsModule } from './imports/imports.module.js';
import { LinksModule } from './links/links.module.js';
import { ListsModule } from './lists/lists.module.js';
import { PermitsModule } from './permits/permits.module.js';
import { SignUpsModule } from './sign-ups/sign-ups.module.js';
import { SuppressionListModule } from './suppression/suppression-list.module.js';
import { RestrictionModule } from './restriction/restriction.module.js';

@Module({
  imports: [
    ConsentModule,
    ContactsModule,
    CorrectionModule,
    DeliverabilityModule,
    ErasureModule,
    ImportsModule,
    LinksModule,
    ListsModule,
    PermitsModule,
    SignUpsModule,
    SuppressionListModule,
    RestrictionModule,
  ],
})
export class AppModule {}
