import { Module } from '@nestjs/common';
import { DispatchModule } from '../dispatch/dispatch.module.js';
import { DeliveryReportStore } from './delivery-report.store.js';
import { HearReports } from './hear-reports.js';

@Module({ imports: [DispatchModule], providers: [DeliveryReportStore, HearReports], exports: [HearReports] })
export class BouncesModule {}
