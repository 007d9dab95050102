import { Module } from '@nestjs/common';
import { LogModule } from '../log/log.module.js';
import { AnchorChain } from './anchor-chain.js';
import { AuditGrpc } from './audit.grpc.js';
import { ExportAuditLog } from './export-audit-log.js';
import { RecordAccess } from './record-access.js';

@Module({
  imports: [LogModule],
  controllers: [AuditGrpc],
  providers: [RecordAccess, AnchorChain, ExportAuditLog],
  exports: [RecordAccess],
})
export class AuditModule {}
