import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DueWork, type DueItem } from '@heed/data-rights';
import { CLOCK, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { heldAmong } from '../holds/hold.store.js';
import { RECORD_DAYS } from '../infrastructure.js';
import { requestById } from '../requests/request.store.js';
import { forgetBatches, forgetRequest, hasOpenRequest } from './forget-request.store.js';

const RECORDS = 'request-record';
const DAY_MS = 86_400_000;

/** LAW: 11 CCR 7101: the record of a request is kept 24 months; what is kept for longer than it must be is kept unlawfully. */
@Injectable()
export class ForgetRequest implements OnModuleInit {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly due: DueWork,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.due.serve(RECORDS, (item) => this.forget(item));
  }

  /** In the transaction that ends the requests. */
  later(tx: Tx, requestIds: readonly string[], closedAt: Date): Promise<void> {
    return this.due.add(tx, RECORDS, requestIds, new Date(closedAt.getTime() + RECORD_DAYS * DAY_MS));
  }

  private forget(item: DueItem): Promise<void> {
    return this.uow.run(item.tenantId, async (tx) => {
      const request = await requestById(tx, item.ref);
      if (request && (await this.isKept(tx, request.subjectId)))
        return item.putOff(tx, new Date(this.clock.now().getTime() + DAY_MS));
      const batchIds = await forgetRequest(tx, item.ref);
      await forgetBatches(tx, batchIds);
      await item.done(tx);
    });
  }

  /** While a hold keeps what is held of a person, or something they ask for is open, to which the record may be evidence. */
  private async isKept(tx: Tx, subjectId: string): Promise<boolean> {
    return (await heldAmong(tx, [subjectId])).size > 0 || hasOpenRequest(tx, subjectId);
  }
}
