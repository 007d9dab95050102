import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { LogModule } from '../log/log.module.js';
import { ManifestsModule } from '../manifests/manifests.module.js';
import { GetCertificate } from './get-certificate.js';

@Module({
  imports: [AuditModule, LogModule, ManifestsModule],
  providers: [GetCertificate],
  exports: [GetCertificate],
})
export class CertificatesModule {}
