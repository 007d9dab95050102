import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { isServiceName, ReceiptSigned, type datarightsV1 } from '@heed/contracts';
import { DueWork, isReceiptSignedBy, receiptFromWire } from '@heed/data-rights';
import { Consumers, isOfLostLife, type IncomingEvent } from '@heed/events';
import { CLOCK, timeOfId, type Clock } from '@heed/kernel';
import { type Tx } from '@heed/postgres';
import { ServiceKeys } from '@heed/rpc';
import { refusal } from '../errors.js';
import { keepReceipt, servicesAsked } from './receipt.store.js';

/** Receipts whose openings are to be fetched and verified. */
export const RECEIPTS = 'receipts';

/** Takes the receipts of all services. Whoever can write to Kafka can no more answer for a service than order it. */
@Injectable()
export class TakeReceipts implements OnApplicationBootstrap {
  constructor(
    private readonly consumers: Consumers,
    private readonly keys: ServiceKeys,
    private readonly due: DueWork,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.consumers.add({
      event: Object.values(ReceiptSigned),
      group: 'privacy.receipts',
      handle: (tx, events) => this.take(tx, events),
    });
  }

  private async take(tx: Tx, events: IncomingEvent<datarightsV1.ReceiptSigned>[]): Promise<void> {
    for (const { data } of events) {
      const receipt = receiptFromWire(data);
      // Participants bring theirs by RPC: their openings can be fetched from nowhere.
      const key =
        isServiceName(receipt.service) && (await this.keys.publicKeyOf(receipt.service, receipt.keyId));
      if (!key) throw refusal('RECEIPT_KEY_UNKNOWN');
      if (!isReceiptSignedBy(receipt, key)) throw refusal('RECEIPT_FORGED');
      const asked = await servicesAsked(tx, receipt.batchId);
      if (!asked?.includes(receipt.service)) {
        // Asked for in a life that a restore has lost, and ordered anew where it matters.
        if (await isOfLostLife(tx, timeOfId(receipt.batchId))) continue;
        throw refusal('RECEIPT_UNASKED');
      }
      if (await keepReceipt(tx, receipt, this.clock.now()))
        await this.due.add(tx, RECEIPTS, [receipt.receiptId]);
    }
  }
}
