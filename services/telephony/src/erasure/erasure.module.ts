import { Module } from '@nestjs/common';
import { CallingModule } from '../calling/calling.module.js';
import { RecordingsModule } from '../recordings/recordings.module.js';
import { EndCalls } from './end-calls.js';
import { OpenCallStore } from './open-call.store.js';
import { CountHandedOver } from './count-handed-over.js';

@Module({ imports: [CallingModule, RecordingsModule], providers: [CountHandedOver, EndCalls, OpenCallStore] })
export class ErasureModule {}
