import { Module } from '@nestjs/common';
import { Manifests } from './manifests.js';

@Module({ providers: [Manifests], exports: [Manifests] })
export class ManifestsModule {}
