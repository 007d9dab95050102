import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module.js';
import { SuppressionModule } from '../suppression/suppression.module.js';
import { CorrectEndpoints } from './correct-endpoints.js';

@Module({ imports: [ContactsModule, SuppressionModule], providers: [CorrectEndpoints] })
export class CorrectionModule {}
