import { Module } from '@nestjs/common';
import { AuditGrpc } from './audit.grpc.js';
import { RecordAccess } from './record-access.js';

@Module({ controllers: [AuditGrpc], providers: [RecordAccess], exports: [RecordAccess] })
export class AuditModule {}
