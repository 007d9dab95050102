import { Module } from '@nestjs/common';
import { AnswersModule } from '../answers/answers.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { LogModule } from '../log/log.module.js';
import { NeedlesModule } from '../sweeps/needles.module.js';
import { AskProcessor } from './ask-processor.js';
import { PassOn } from './pass-on.js';
import { ProcessorsGrpc } from './processors.grpc.js';
import { RecordAnswer } from './record-answer.js';
import { SetProcessor } from './set-processor.js';

@Module({
  imports: [AnswersModule, AuditModule, LogModule, NeedlesModule],
  controllers: [ProcessorsGrpc],
  providers: [AskProcessor, PassOn, RecordAnswer, SetProcessor],
})
export class ProcessorsModule {}
