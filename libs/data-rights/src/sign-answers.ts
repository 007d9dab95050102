import { ReceiptSigned, type ServiceName } from '@heed/contracts';
import { type Manifest } from '@heed/data-map';
import { type Outbox } from '@heed/events';
import { DomainError, newId, type Clock, type SigningKey } from '@heed/kernel';
import { type Tx } from '@heed/postgres';
import { answerNames } from './manifest-stores.js';
import { type OrderBatch } from './order-batch.js';
import { type OrdersStore } from './orders.store.js';
import { receiptToWire, signReceipt } from './receipt.js';
import { type ReceiptsStore } from './receipts.store.js';

export interface SignAnswersParts {
  manifest: Manifest;
  signing: SigningKey;
  orders: OrdersStore;
  receipts: ReceiptsStore;
  outbox: Outbox;
  clock: Clock;
}

/** The last step of every batch: what all stores answered becomes one signature, and the signature an event. */
export class SignAnswers {
  private readonly stores: string[];

  constructor(private readonly parts: SignAnswersParts) {
    this.stores = answerNames(parts.manifest);
  }

  async sign(tx: Tx, batch: OrderBatch): Promise<void> {
    const { manifest, signing, orders, receipts, outbox, clock } = this.parts;
    const answers = await orders.answersOf(
      tx,
      batch.orders.map((order) => order.orderId),
    );
    const at = clock.now();
    const statements = batch.orders.map((order) => {
      const entries = answers.get(order.orderId) ?? [];
      this.demandAll(entries.map((entry) => entry.store));
      return {
        tenantId: tx.tenantId,
        requestId: order.requestId,
        orderId: order.orderId,
        orderNumber: order.orderNumber,
        action: batch.action,
        subjectId: order.subjectId,
        service: manifest.service,
        manifest: manifest.version,
        entries,
        at,
      };
    });
    const head = {
      receiptId: newId(),
      batchId: batch.batchId,
      service: manifest.service,
      action: batch.action,
      manifestVersion: manifest.version,
      signedAt: at,
    };
    const { receipt, openings } = signReceipt(head, statements, signing);
    await receipts.add(tx, receipt, openings);
    await orders.forgetAnswers(tx, [...answers.keys()]);
    await outbox.add(tx, ReceiptSigned[manifest.service as ServiceName], receiptToWire(receipt));
  }

  /** No receipt without an answer of every declared store: "skipped" does not exist (I6). */
  private demandAll(answered: readonly string[]): void {
    const missing = this.stores.find((store) => !answered.includes(store));
    if (missing === undefined && answered.length === this.stores.length) return;
    const stranger = answered.find((store) => !this.stores.includes(store));
    throw new DomainError('STORE_UNANSWERED', 'failed-precondition', {
      message: missing
        ? `${missing} has not answered: a store of its kind needs a SpecialErasure that does`
        : `${stranger} answers and is not declared`,
      metadata: { store: missing ?? stranger ?? '' },
    });
  }
}
