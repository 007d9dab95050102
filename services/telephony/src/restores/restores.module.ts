import { Module } from '@nestjs/common';
import { CallingModule } from '../calling/calling.module.js';
import { LostCallsStore } from './lost-calls.store.js';
import { MendCalls } from './mend-calls.js';

@Module({ imports: [CallingModule], providers: [LostCallsStore, MendCalls] })
export class RestoresModule {}
