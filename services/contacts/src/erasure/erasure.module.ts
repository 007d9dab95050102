import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module.js';
import { EraseAddresses } from './erase-addresses.js';
import { FindByAddress } from './find-by-address.js';

@Module({ imports: [ContactsModule], providers: [EraseAddresses, FindByAddress] })
export class ErasureModule {}
