import { Module } from '@nestjs/common';
import { Needles } from './needles.js';

@Module({ providers: [Needles], exports: [Needles] })
export class NeedlesModule {}
