import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { AddressHashes } from './address-hashes.js';
import { CheckCorrections } from './check-corrections.js';
import { ContactsGrpc } from './contacts.grpc.js';
import { CreateContact } from './create-contact.js';
import { ReadContacts } from './read-contacts.js';
import { RevealContact } from './reveal-contact.js';

@Module({
  imports: [AuditModule],
  controllers: [ContactsGrpc],
  providers: [AddressHashes, CheckCorrections, CreateContact, ReadContacts, RevealContact],
  exports: [AddressHashes],
})
export class ContactsModule {}
