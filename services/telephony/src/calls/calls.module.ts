import { Module } from '@nestjs/common';
import { CallingModule } from '../calling/calling.module.js';
import { RecordingsModule } from '../recordings/recordings.module.js';
import { CallPageStore } from './call-page.store.js';
import { CallStore } from './call.store.js';
import { CallsGrpc } from './calls.grpc.js';
import { PlaceCall } from './place-call.js';
import { ReadCalls } from './read-calls.js';

@Module({
  imports: [CallingModule, RecordingsModule],
  controllers: [CallsGrpc],
  providers: [CallPageStore, CallStore, PlaceCall, ReadCalls],
})
export class CallsModule {}
