import { Module } from '@nestjs/common';
import { SuppressionModule } from '../suppression/suppression.module.js';
import { RestrictPermits } from './restrict-permits.js';

@Module({ imports: [SuppressionModule], providers: [RestrictPermits] })
export class RestrictionModule {}
