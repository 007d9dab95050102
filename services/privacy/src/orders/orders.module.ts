import { Module } from '@nestjs/common';
import { IssueOrders } from './issue-orders.js';

@Module({ providers: [IssueOrders], exports: [IssueOrders] })
export class OrdersModule {}
