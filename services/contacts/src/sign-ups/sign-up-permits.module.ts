import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module.js';
import { SignUpLinks } from './sign-up-links.js';
import { SignUpPermits } from './sign-up-permits.js';

@Module({
  imports: [ContactsModule],
  providers: [SignUpLinks, SignUpPermits],
  exports: [SignUpLinks, SignUpPermits],
})
export class SignUpPermitsModule {}
