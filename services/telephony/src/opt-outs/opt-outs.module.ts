import { Module } from '@nestjs/common';
import { CallingModule } from '../calling/calling.module.js';
import { RecordingsModule } from '../recordings/recordings.module.js';
import { SpokenDoubts } from './spoken-doubts.js';
import { SpokenDoubtsGrpc } from './spoken-doubts.grpc.js';

@Module({
  imports: [CallingModule, RecordingsModule],
  controllers: [SpokenDoubtsGrpc],
  providers: [SpokenDoubts],
})
export class OptOutsModule {}
