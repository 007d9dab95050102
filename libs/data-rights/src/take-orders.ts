import { datarightsV1, ReceiptSigned, type ServiceName } from '@heed/contracts';
import { readQuarantine, type IncomingEvent, type Outbox } from '@heed/events';
import { DomainError, type Clock, type SigningKey } from '@heed/kernel';
import { type Tx } from '@heed/postgres';
import { metrics } from '@heed/telemetry';
import { type ActionName } from './answer.js';
import { type DueWork } from './due-work.js';
import { areSignedOrders, readOrders, type OrderBatch } from './order-batch.js';
import { type OrdersStore } from './orders.store.js';
import { receiptToWire, signAnew } from './receipt.js';
import { type ReceiptsStore } from './receipts.store.js';

/** Orders that were taken and are to be carried out. */
export const ORDERS = 'orders';

/** Whose orders are obeyed. */
const ISSUER = 'privacy';

/** What stays undone where it is left out; of an erasure the ledger tells. */
const CHANGING: readonly ActionName[] = ['RESTRICT', 'LIFT', 'CORRECT'];

/** Where the public keys of services are looked up; `ServiceKeys` of @heed/rpc is one. */
export interface PublicKeys {
  publicKeyOf(service: string, keyId: string): Promise<Uint8Array | undefined>;
}

export interface TakeOrdersParts {
  service: ServiceName;
  keys: PublicKeys;
  signing: SigningKey;
  orders: OrdersStore;
  receipts: ReceiptsStore;
  due: DueWork;
  outbox: Outbox;
  clock: Clock;
}

const refused = metrics.counter('heed_orders_refused_total', {
  description: 'Orders that were forged, old, altered or for another tenant; each is parked with its reason',
});

/**
 * Takes signed orders, in the inbox's transaction: what is taken will be carried out. Whoever can write to Kafka can
 * neither erase anybody nor replay an old order nor turn one to another tenant (ATTACKS 6.1): such events are parked
 * under a reason of their own, for somebody to look at.
 */
export class TakeOrders {
  constructor(private readonly parts: TakeOrdersParts) {}

  async handle(tx: Tx, events: IncomingEvent<datarightsV1.OrdersIssued>[]): Promise<void> {
    for (const { data } of events) {
      try {
        await this.take(tx, data);
      } catch (error) {
        if (error instanceof DomainError && error.reason.startsWith('ORDER_')) {
          refused.add(1, { service: this.parts.service, reason: error.reason });
        }
        throw error;
      }
    }
  }

  /**
   * From the ledger, where orders stand that may be known here under a later number too: then their person was erased,
   * and there is nothing to do.
   */
  async takeKnown(tx: Tx, event: datarightsV1.OrdersIssued): Promise<void> {
    const batch = await this.verified(tx, event);
    const taken = await this.parts.orders.issuedBytes(tx, batch.batchId);
    if (taken) return;
    const { orders, due, clock } = this.parts;
    await orders.take(tx, batch, Buffer.from(datarightsV1.OrdersIssued.encode(event).finish()), clock.now());
    await due.add(tx, ORDERS, [batch.batchId]);
  }

  private async take(tx: Tx, event: datarightsV1.OrdersIssued): Promise<void> {
    const { orders, due, clock } = this.parts;
    const batch = await this.verified(tx, event);
    const issued = Buffer.from(datarightsV1.OrdersIssued.encode(event).finish());
    const before = await orders.issuedBytes(tx, batch.batchId);
    if (before) {
      if (!before.equals(issued)) throw refusal('ORDER_ALTERED', 'another batch was taken under this id');
      return this.answerAgain(tx, batch.batchId);
    }
    const last = await orders.lastNumbers(
      tx,
      batch.orders.map((order) => order.subjectId),
    );
    if (batch.orders.some((order) => order.orderNumber <= (last.get(order.subjectId) ?? 0))) {
      // After a restore all is read again, partition by partition: erasures come from the ledger besides, and what is
      // followed by a later order had been answered.
      if (!CHANGING.includes(batch.action) && (await readQuarantine(tx))) return;
      throw refusal('ORDER_STALE', 'a later order about the same person was taken already');
    }
    await orders.take(tx, batch, issued, clock.now());
    await due.add(tx, ORDERS, [batch.batchId]);
  }

  private async verified(tx: Tx, event: datarightsV1.OrdersIssued): Promise<OrderBatch> {
    const key = await this.parts.keys.publicKeyOf(ISSUER, event.keyId);
    if (!key) throw refusal('ORDER_KEY_UNKNOWN', 'signed by a key that is not known as one of privacy');
    if (!areSignedOrders(event, key)) throw refusal('ORDER_FORGED', 'not signed by the key that it names');
    const batch = readOrders(event);
    if (batch.tenantId !== tx.tenantId) {
      throw refusal('ORDER_OF_ANOTHER_TENANT', 'the envelope names another tenant than the signed batch');
    }
    return batch;
  }

  /** The very same orders again: whoever asks has missed the answer. */
  private async answerAgain(tx: Tx, batchId: string): Promise<void> {
    const { receipts, outbox, service, keys, signing } = this.parts;
    let receipt = await receipts.find(tx, batchId);
    // Signed with a key that was stolen since, it would be refused for ever: these are our words still.
    if (receipt && receipt.keyId !== signing.keyId && !(await keys.publicKeyOf(service, receipt.keyId))) {
      receipt = signAnew(receipt, signing);
      await receipts.replaceSignature(tx, receipt);
    }
    if (receipt) await outbox.add(tx, ReceiptSigned[service], receiptToWire(receipt));
  }
}

function refusal(reason: string, message: string): DomainError {
  return new DomainError(reason, 'failed-precondition', { message });
}
