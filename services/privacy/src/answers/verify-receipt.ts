import { Injectable, type OnModuleInit } from '@nestjs/common';
import { datarightsV1 } from '@heed/contracts';
import {
  DueWork,
  openingFromWire,
  receiptFromWire,
  type DueItem,
  type Opening,
  type Receipt,
} from '@heed/data-rights';
import { UnitOfWork } from '@heed/postgres';
import { RpcClients } from '@heed/rpc';
import { refusal } from '../errors.js';
import { ConcludeReceipt } from './conclude-receipt.js';
import { receiptById } from './receipt.store.js';
import { RECEIPTS } from './take-receipts.js';

/** Fetches what a receipt commits to: nothing that a service says by event alone moves a request on. */
@Injectable()
export class VerifyReceipt implements OnModuleInit {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly clients: RpcClients,
    private readonly concluding: ConcludeReceipt,
    private readonly due: DueWork,
  ) {}

  onModuleInit(): void {
    this.due.serve(RECEIPTS, (item) => this.verify(item));
  }

  private async verify(item: DueItem): Promise<void> {
    const { tenantId } = item;
    const kept = await this.uow.run(tenantId, (tx) => receiptById(tx, item.ref));
    if (!kept || kept.verifiedAt) return this.uow.run(tenantId, (tx) => item.done(tx));
    const openings = await this.fetch(tenantId, kept.receipt);
    await this.concluding.conclude(tenantId, kept.receipt, openings, { after: (tx) => item.done(tx) });
  }

  private async fetch(tenantId: string, receipt: Receipt): Promise<Opening[]> {
    const client = this.clients.of(datarightsV1.DataRightsServiceService, receipt.service);
    const answer = await client.getReceipt({ batchId: receipt.batchId }, { tenantId, timeoutMs: 20_000 });
    if (!answer.receipt || !isSame(receiptFromWire(answer.receipt), receipt))
      throw refusal('RECEIPT_DIFFERS');
    return answer.openings.map(openingFromWire);
  }
}

function isSame(served: Receipt, published: Receipt): boolean {
  // The signature covers everything else.
  return served.receiptId === published.receiptId && served.signature.equals(published.signature);
}
