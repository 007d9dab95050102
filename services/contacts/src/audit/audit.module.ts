import { Module } from '@nestjs/common';
import { AuditTrail } from './audit-trail.js';
import { ChangesGrpc } from './changes.grpc.js';

@Module({ controllers: [ChangesGrpc], providers: [AuditTrail], exports: [AuditTrail] })
export class AuditModule {}
