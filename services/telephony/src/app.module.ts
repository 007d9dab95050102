import { Module } from '@nestjs/common';
import { CallingModule } from './calling/calling.module.js';
import { CallsModule } from './calls/calls.module.js';
import { DispatchModule } from './dispatch/dispatch.module.js';
import { ErasureModule } from './erasure/erasure.module.js';
import { OptOutsModule } from './opt-outs/opt-outs.module.js';
import { RecordingsModule } from './recordings/recordings.module.js';
import { RestoresModule } from './restores/restores.module.js';

@Module({
  imports: [
    OptOutsModule,
    CallsModule,
    CallingModule,
    DispatchModule,
    RecordingsModule,
    ErasureModule,
    RestoresModule,
  ],
})
export class AppModule {}
