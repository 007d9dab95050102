import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { ContactsModule } from '../contacts/contacts.module.js';
import { AddSuppressions } from './add-suppressions.js';
import { FormAddresses } from './form-addresses.js';
import { RotateKey } from './rotate-key.js';
import { SuppressionGrpc } from './suppression.grpc.js';
import { SuppressionModule } from './suppression.module.js';

@Module({
  imports: [AuditModule, ContactsModule, SuppressionModule],
  controllers: [SuppressionGrpc],
  providers: [AddSuppressions, FormAddresses, RotateKey],
})
export class SuppressionListModule {}
