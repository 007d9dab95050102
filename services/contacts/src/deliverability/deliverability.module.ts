import { Module } from '@nestjs/common';
import { DeliveryReportedConsumer } from './delivery-reported.consumer.js';

@Module({ providers: [DeliveryReportedConsumer] })
export class DeliverabilityModule {}
