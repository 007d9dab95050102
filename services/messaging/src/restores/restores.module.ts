import { Module } from '@nestjs/common';
import { DispatchModule } from '../dispatch/dispatch.module.js';
import { LostAttemptsStore } from './lost-attempts.store.js';
import { MendAttempts } from './mend-attempts.js';

@Module({ imports: [DispatchModule], providers: [LostAttemptsStore, MendAttempts] })
export class RestoresModule {}
