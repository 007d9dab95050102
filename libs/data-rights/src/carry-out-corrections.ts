import { type Clock } from '@heed/kernel';
import { type UnitOfWork } from '@heed/postgres';
import { type CorrectRows } from './correct-rows.js';
import { type CorrectedOrder } from './corrections.js';
import { type DueItem } from './due-work.js';
import { byOrder } from './erase-rows.js';
import { type HandedOver } from './handed-over.js';
import { type KeptHashes } from './kept-hashes.js';
import { type OrdersStore, type TakenBatch } from './orders.store.js';
import { type ProbeCorrected } from './probe-corrected.js';
import { type ProbeForms } from './probe-forms.js';
import { type ReceiptsStore } from './receipts.store.js';
import { type SignAnswers } from './sign-answers.js';
import { type SlowStores } from './slow-stores.js';

const PROBE_MS = 50;

export interface CarryOutCorrectionsParts {
  work: UnitOfWork;
  orders: OrdersStore;
  receipts: ReceiptsStore;
  correctRows: CorrectRows;
  probeCorrected: ProbeCorrected;
  probeForms: ProbeForms;
  slow: SlowStores;
  keptHashes: KeptHashes;
  handedOver: HandedOver;
  sign: SignAnswers;
  clock: Clock;
}

/** Carries out the orders of requests for correction: all rows and the signature are one transaction. */
export class CarryOutCorrections {
  constructor(private readonly parts: CarryOutCorrectionsParts) {}

  async correct(item: DueItem, batch: TakenBatch): Promise<void> {
    const { work, correctRows, slow, sign } = this.parts;
    const { tenantId } = item;
    const order = batch.orders[0]!;
    const corrections = await correctRows.values(tenantId, order);
    const slowly = await slow.asItWas(tenantId, order, 'NOTHING_HELD');
    await work.run(
      tenantId,
      async (tx) => {
        const answers = await correctRows.rows(tx, order, corrections);
        await sign.sign(tx, batch, new Map([[order.orderId, [...answers, ...slowly]]]));
        await item.done(tx);
      },
      // Rows that the service itself may not change, and those of whoever is restricted.
      { role: 'eraser' },
    );
  }

  async probe(item: DueItem, batch: TakenBatch): Promise<void> {
    const { work, orders, receipts, correctRows, probeCorrected, probeForms, slow, sign, clock } = this.parts;
    const { keptHashes, handedOver } = this.parts;
    const { tenantId } = item;
    const fence = await work.run(tenantId, async (tx) => {
      // Later than the commit of every correction that this probe is about: whoever read before it has then ended.
      await orders.markFenceCommitted(tx, batch.batchId);
      return (await orders.lockBatch(tx, batch.batchId))?.fenceXid ?? null;
    });
    const corrected: CorrectedOrder[] = [];
    for (const order of batch.orders)
      corrected.push({ order, corrections: await correctRows.values(tenantId, order) });
    const searches = await probeForms.ofCorrected(tenantId, corrected);
    const found =
      fence !== null &&
      (await work.run(tenantId, (tx) => probeCorrected.probe(tx, corrected, fence, searches), {
        role: 'probe',
      }));
    if (!found) {
      const later = new Date(clock.now().getTime() + PROBE_MS);
      return work.run(tenantId, (tx) => item.putOff(tx, later));
    }
    const slowly = await Promise.all(
      batch.orders.map(async (order) => ({
        order,
        answers: await slow.asItWas(tenantId, order, 'PROBED_CLEAN'),
      })),
    );
    await work.run(tenantId, async (tx) => {
      const before = await receipts.signedBefore(tx, 'CORRECT', batch.orders);
      const others = slowly.flatMap(({ order: { orderId }, answers }) => {
        const said = before.get(orderId) ?? [];
        const repeated = [...keptHashes.probed(said), ...handedOver.probed(said)];
        return [...answers, ...repeated, ...slow.ageing(clock.now())].map((given) => ({ orderId, ...given }));
      });
      await sign.sign(tx, batch, byOrder([...found, ...others]));
      await item.done(tx);
    });
  }
}
