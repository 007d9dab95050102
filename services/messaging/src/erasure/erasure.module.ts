import { Module } from '@nestjs/common';
import { DispatchModule } from '../dispatch/dispatch.module.js';
import { EndOpenAttempts } from './end-open-attempts.js';
import { OpenAttemptStore } from './open-attempt.store.js';

@Module({ imports: [DispatchModule], providers: [EndOpenAttempts, OpenAttemptStore] })
export class ErasureModule {}
