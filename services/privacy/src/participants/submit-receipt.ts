import { Injectable } from '@nestjs/common';
import { type privacyV1 } from '@heed/contracts';
import {
  isReceiptSignedBy,
  openingFromWire,
  readStatement,
  receiptFromWire,
  type OpenedStatement,
  type Receipt,
} from '@heed/data-rights';
import { invalidArgument } from '@heed/kernel';
import { constraintOf, UnitOfWork, type Tx } from '@heed/postgres';
import { ServiceKeys } from '@heed/rpc';
import { ConcludeReceipt } from '../answers/conclude-receipt.js';
import { doneBefore, keepReceipt, receiptOf, servicesAsked } from '../answers/receipt.store.js';
import { refusal } from '../errors.js';
import { noteAnswered } from './delivery.store.js';
import { type Participant } from './participant.js';

/**
 * Takes what a participant has signed. All that can be wrong with it is said at once, since nobody would look into a
 * place where it was parked; it is answered when it counts.
 */
@Injectable()
export class SubmitReceipt {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly keys: ServiceKeys,
    private readonly concluding: ConcludeReceipt,
  ) {}

  async submit(
    tenantId: string,
    { name }: Participant,
    request: privacyV1.SubmitReceiptRequest,
  ): Promise<privacyV1.SubmitReceiptResponse> {
    if (!request.receipt) throw invalidArgument({ field: 'receipt', reason: 'REQUIRED' });
    const receipt = receiptFromWire(request.receipt);
    await this.demandSigned(name, receipt);
    const known = await this.uow.run(tenantId, async (tx) => {
      const asked = await servicesAsked(tx, receipt.batchId);
      if (!asked?.includes(name)) throw refusal('RECEIPT_UNASKED');
      return receiptOf(tx, receipt.batchId, name);
    });
    if (known?.verifiedAt) return { leafIndex: BigInt(sameAs(known.receipt, receipt, known.leaf)) };
    const openings = request.openings.map(openingFromWire);
    try {
      const leaf = await this.concluding.conclude(tenantId, receipt, openings, {
        before: (tx, opened, at) => this.keep(tx, receipt, opened, at),
        after: (tx, at) => noteAnswered(tx, name, receipt.batchId, at),
      });
      return { leafIndex: BigInt(leaf) };
    } catch (error) {
      if (constraintOf(error) === 'batch_receipt_id') throw refusal('RECEIPT_ID_TAKEN');
      throw error;
    }
  }

  private async demandSigned(name: string, receipt: Receipt): Promise<void> {
    const key = receipt.service === name && (await this.keys.publicKeyOf(name, receipt.keyId));
    if (!key) throw refusal('RECEIPT_KEY_UNKNOWN');
    if (!isReceiptSignedBy(receipt, key)) throw refusal('RECEIPT_FORGED');
  }

  private async keep(tx: Tx, receipt: Receipt, opened: readonly OpenedStatement[], at: Date): Promise<void> {
    if (!(await keepReceipt(tx, receipt, at))) throw refusal('RECEIPT_ANSWERED');
    if (receipt.action !== 'PROBE') return;
    // A search that was made before the erasure (or correction) says nothing about it, and its certificate would not verify.
    const done = await doneBefore(
      tx,
      receipt.service,
      opened.map(({ statement }) => statement.requestId),
    );
    const early = opened.find(({ statement }) => {
      const bytes = done.get(statement.requestId);
      return bytes && readStatement(bytes).at > statement.at;
    });
    if (early) throw refusal('RECEIPT_OUT_OF_ORDER');
  }
}

/** The very same receipt again is answered again; another one for the same batch is a second word about it. */
function sameAs(known: Receipt, receipt: Receipt, leaf: number | null): number {
  if (known.receiptId !== receipt.receiptId || !known.signature.equals(receipt.signature) || leaf === null)
    throw refusal('RECEIPT_ANSWERED');
  return leaf;
}
