import { Inject, Injectable } from '@nestjs/common';
import { datarightsV1, type privacyV1 } from '@heed/contracts';
import { CLOCK, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { refusal } from '../errors.js';
import { batchById } from '../orders/order.store.js';
import { deliveriesAfter, deliveriesKept, noteHanded, noteSeen, type Delivery } from './delivery.store.js';
import { type Participant } from './participant.js';

/** An erasure may take a second: nobody sees the difference to being told. */
const LOOK_MS = 200;
const AT_ONCE = 50;

/** Hands a participant its batches, one after another, until it stops listening. */
@Injectable()
export class PullOrders {
  constructor(
    private readonly uow: UnitOfWork,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async *pull(
    { name }: Participant,
    after: number,
    signal: AbortSignal,
  ): AsyncGenerator<privacyV1.PullOrdersResponse> {
    await this.demandKept(name, after);
    for (let at = after; ;) {
      const found = await this.uow.runAcross('service', (tx) => deliveriesAfter(tx, name, at, AT_ONCE));
      for (const delivery of found) {
        at = delivery.position;
        yield { position: BigInt(at), tenantId: delivery.tenantId, orders: await this.issued(delivery) };
        await this.uow.runAcross('service', (tx) => noteHanded(tx, name, at, this.clock.now()));
      }
      if (found.length === 0) await this.clock.wait(LOOK_MS, signal);
    }
  }

  /** Who would miss a batch, or has seen more than there is (we were put back), must be told, not served. */
  private async demandKept(name: string, after: number): Promise<void> {
    const kept = await this.uow.runAcross('service', async (tx) => {
      await noteSeen(tx, name, this.clock.now());
      return deliveriesKept(tx, name);
    });
    if (!kept) return;
    if (after > kept.last) throw refusal('CURSOR_AHEAD', { metadata: { last: String(kept.last) } });
    if (after < kept.first - 1) throw refusal('CURSOR_EXPIRED', { metadata: { oldest: String(kept.first) } });
  }

  private async issued({ tenantId, batchId }: Delivery): Promise<datarightsV1.OrdersIssued | undefined> {
    if (!batchId) return undefined;
    const batch = await this.uow.run(tenantId, (tx) => batchById(tx, batchId));
    return batch && datarightsV1.OrdersIssued.decode(batch.issued);
  }
}
