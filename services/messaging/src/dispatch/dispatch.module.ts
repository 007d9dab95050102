import { Module } from '@nestjs/common';
import { AcceptDispatchConsumer } from './accept-dispatch.consumer.js';
import { AcceptDispatch } from './accept-dispatch.js';
import { AnnounceConclusions } from './announce-conclusions.js';
import { AttemptStore } from './attempt.store.js';
import { MessageValuesStore } from './message-values.store.js';
import { SendingTenantStore } from './sending-tenant.store.js';
import { WorkBell } from './work-bell.js';

@Module({
  providers: [
    ...[AcceptDispatchConsumer, AcceptDispatch, AnnounceConclusions],
    ...[AttemptStore, MessageValuesStore, SendingTenantStore, WorkBell],
  ],
  exports: [AcceptDispatch, AnnounceConclusions, MessageValuesStore, SendingTenantStore, WorkBell],
})
export class DispatchModule {}
