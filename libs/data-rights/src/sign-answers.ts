import { ReceiptSigned, type ServiceName } from '@heed/contracts';
import { type Manifest } from '@heed/data-map';
import { type Outbox } from '@heed/events';
import { DomainError, newId, type Clock, type SigningKey } from '@heed/kernel';
import { type Tx } from '@heed/postgres';
import { type StoreAnswer } from './answer.js';
import { answerName, answerNames } from './manifest-stores.js';
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
  /** Stores of which nothing can be found any more once the person's rows have gone. */
  private readonly saidOnce: ReadonlySet<string>;

  constructor(private readonly parts: SignAnswersParts) {
    const { manifest } = parts;
    this.stores = answerNames(manifest);
    const once = manifest.stores.filter(({ kind }) => kind === 'hashes' || kind === 'processor');
    this.saidOnce = new Set(once.map((store) => answerName(manifest.service, store)));
  }

  /** What was answered in earlier transactions and kept since. */
  async signKept(tx: Tx, batch: OrderBatch): Promise<void> {
    const { orders } = this.parts;
    const orderIds = batch.orders.map((order) => order.orderId);
    await this.sign(tx, batch, await orders.answersOf(tx, orderIds));
    await orders.forgetAnswers(tx, orderIds);
  }

  /** What is answered in this transaction, by order. */
  async sign(tx: Tx, batch: OrderBatch, answers: ReadonlyMap<string, StoreAnswer[]>): Promise<void> {
    const { manifest, signing, receipts, outbox, clock } = this.parts;
    const at = clock.now();
    const before = await this.erasedBefore(tx, batch);
    const statements = batch.orders.map((order) => {
      const entries = (answers.get(order.orderId) ?? []).map((entry) =>
        withBefore(entry, before.get(order.orderId), this.saidOnce),
      );
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
    await outbox.add(tx, ReceiptSigned[manifest.service as ServiceName], receiptToWire(receipt));
  }

  /** An erasure that is ordered anew for the same request has nothing left to do where it was done. */
  private async erasedBefore(tx: Tx, { action, orders }: OrderBatch): Promise<Map<string, StoreAnswer[]>> {
    const later = action === 'ERASE' ? orders.filter(({ orderNumber }) => orderNumber > 1) : [];
    return later.length === 0 ? new Map() : this.parts.receipts.signedErasures(tx, later);
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

/**
 * What is gone stays said: a request's last statement is the one that its certificate shows. So do hashes that stay, and what
 * was handed to others: once the addresses and attempts are gone, nobody can be found by them.
 */
function withBefore(
  now: StoreAnswer,
  before: readonly StoreAnswer[] | undefined,
  saidOnce: ReadonlySet<string>,
): StoreAnswer {
  const then = before?.find(({ store }) => store === now.store);
  if (!then) return now;
  if (saidOnce.has(now.store)) return now.outcome === 'NOTHING_HELD' ? then : now;
  if (then.outcome !== 'ERASED' && then.outcome !== 'ANONYMISED') return now;
  if (now.outcome === 'NOTHING_HELD') return then;
  return now.outcome === then.outcome ? { ...now, count: now.count + then.count } : now;
}
