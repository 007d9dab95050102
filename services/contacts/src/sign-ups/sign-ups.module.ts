import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { ContactsModule } from '../contacts/contacts.module.js';
import { ConfirmSignUp } from './confirm-sign-up.js';
import { CreateSignUpForm } from './create-sign-up-form.js';
import { ForgetSignUps } from './forget-sign-ups.js';
import { ReceiveSignUp } from './receive-sign-up.js';
import { SignUpFormsGrpc } from './sign-up-forms.grpc.js';
import { SignUpPermitsModule } from './sign-up-permits.module.js';
import { SignUpsHttp } from './sign-ups.http.js';

@Module({
  imports: [AuditModule, ContactsModule, SignUpPermitsModule],
  controllers: [SignUpFormsGrpc, SignUpsHttp],
  providers: [ConfirmSignUp, CreateSignUpForm, ForgetSignUps, ReceiveSignUp],
})
export class SignUpsModule {}
