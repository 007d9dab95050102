import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { LogModule } from '../log/log.module.js';
import { NeedlesModule } from './needles.module.js';
import { ResolveHit } from './resolve-hit.js';
import { RunSweep } from './run-sweep.js';
import { StreamNeedles } from './stream-needles.js';
import { SweepsGrpc } from './sweeps.grpc.js';
import { TakeSweep } from './take-sweep.js';

@Module({
  imports: [AuditModule, LogModule, NeedlesModule],
  controllers: [SweepsGrpc],
  providers: [ResolveHit, RunSweep, StreamNeedles, TakeSweep],
})
export class SweepsModule {}
