import { Module } from '@nestjs/common';
import { SignUpLinks } from './sign-up-links.js';
import { SignUpPermits } from './sign-up-permits.js';

@Module({ providers: [SignUpLinks, SignUpPermits], exports: [SignUpLinks, SignUpPermits] })
export class SignUpPermitsModule {}
