import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module.js';
import { EraseAddresses } from './erase-addresses.js';

@Module({ imports: [ContactsModule], providers: [EraseAddresses] })
export class ErasureModule {}
