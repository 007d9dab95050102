import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { BeginNewOrigin } from './begin-new-origin.js';
import { LogGrpc } from './log.grpc.js';
import { LogModule } from './log.module.js';
import { RevokeKey } from './revoke-key.js';

/** What is asked of the log from outside. Apart from the log itself, which the audit log rests on: this is audited. */
@Module({
  imports: [AuditModule, LogModule],
  controllers: [LogGrpc],
  providers: [BeginNewOrigin, RevokeKey],
})
export class LogEdgeModule {}
