import { Module } from '@nestjs/common';
import { RecordingsModule } from '../recordings/recordings.module.js';
import { EndCalls } from './end-calls.js';
import { OpenCallStore } from './open-call.store.js';

@Module({ imports: [RecordingsModule], providers: [EndCalls, OpenCallStore] })
export class ErasureModule {}
