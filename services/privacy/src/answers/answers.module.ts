import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { LogModule } from '../log/log.module.js';
import { ManifestsModule } from '../manifests/manifests.module.js';
import { RequestersModule } from '../requesters/requesters.module.js';
import { OrdersModule } from '../orders/orders.module.js';
import { CloseRequests } from './close-requests.js';
import { ConcludeReceipt } from './conclude-receipt.js';
import { EraseLast } from './erase-last.js';
import { ForgetRequest } from './forget-request.js';
import { MoveOn } from './move-on.js';
import { StoreStates } from './store-states.js';
import { TakeReceipts } from './take-receipts.js';
import { VerifyReceipt } from './verify-receipt.js';

@Module({
  imports: [AuditModule, LogModule, ManifestsModule, OrdersModule, RequestersModule],
  providers: [
    CloseRequests,
    ConcludeReceipt,
    EraseLast,
    ForgetRequest,
    MoveOn,
    StoreStates,
    TakeReceipts,
    VerifyReceipt,
  ],
  exports: [ConcludeReceipt, ForgetRequest, MoveOn, StoreStates],
})
export class AnswersModule {}
