import { Module } from '@nestjs/common';
import { AnswersModule } from '../answers/answers.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { ManifestsModule } from '../manifests/manifests.module.js';
import { BuildPackage } from './build-package.js';
import { FetchExports } from './fetch-exports.js';
import { SealedChunks } from './sealed-chunks.js';
import { StreamPackage } from './stream-package.js';

@Module({
  imports: [AnswersModule, AuditModule, ManifestsModule],
  providers: [BuildPackage, FetchExports, SealedChunks, StreamPackage],
  exports: [StreamPackage],
})
export class AccessModule {}
