import { Module } from '@nestjs/common';
import { CallingModule } from '../calling/calling.module.js';
import { AcceptDispatchConsumer } from './accept-dispatch.consumer.js';
import { AcceptDispatch } from './accept-dispatch.js';

@Module({ imports: [CallingModule], providers: [AcceptDispatch, AcceptDispatchConsumer] })
export class DispatchModule {}
