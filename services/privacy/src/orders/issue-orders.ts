import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { datarightsV1, OrdersIssued } from '@heed/contracts';
import {
  actionToWire,
  DueWork,
  goesAlone,
  MOST_ORDERS,
  signOrders,
  type ActionName,
  type DueItem,
} from '@heed/data-rights';
import { Outbox } from '@heed/events';
import { canonicalJson, CLOCK, newId, SigningKey, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { halfTime } from '../measures.js';
import { deliver, handedWithoutAnswer } from '../participants/delivery.store.js';
import { participantsAmong } from '../participants/participant.js';
import {
  addBatch,
  addOrders,
  batchById,
  countUnsealed,
  isOut,
  markHalfTime,
  noteAsked,
  silentServices,
  takeUnsealed,
  unsealedActions,
  type UnsealedOrder,
} from './order.store.js';

/**
 * What each batch costs is paid once in every service, whoever is in it. So one order goes at once where nothing is out;
 * where a batch of its kind is, it waits for company until that one was answered, as many are waiting as this, or this
 * long. A backlog then travels in few large batches, and who comes alone does not wait.
 */
const COMPANY = 100;
const COMPANY_MS = 1_000;
/** A service may be silent for days: what went out longer ago keeps nobody waiting. */
const OUT_MS = 30_000;
/** How soon the silent are asked again, and how seldom at last. They may wait 10 s by themselves, for memories of keys. */
const ASK_FIRST_MS = 15_000;
const ASK_LAST_MS = 300_000;

const QUEUES: Record<ActionName, string> = {
  ERASE: 'seal-erase',
  PROBE: 'seal-probe',
  ACCESS: 'seal-access',
  RESTRICT: 'seal-restrict',
  LIFT: 'seal-lift',
  CORRECT: 'seal-correct',
};
export const ASK = 'ask-again';

/**
 * Orders go out in signed batches of one action and one tenant, and go out again, the very same bytes, for as long as a
 * service is silent: an order is late, never lost.
 */
@Injectable()
export class IssueOrders implements OnModuleInit {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly outbox: Outbox,
    private readonly due: DueWork,
    private readonly signing: SigningKey,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    for (const [action, queue] of Object.entries(QUEUES)) {
      this.due.serve(queue, (item) => this.seal(item, action as ActionName));
    }
    this.due.serve(ASK, (item) => this.askAgain(item));
  }

  /** In the transaction of what they are ordered for. Of one person there is one request among them. */
  async order(
    tx: Tx,
    action: ActionName,
    requests: readonly { requestId: string; subjectId: string }[],
    { afterMs = 0 } = {},
  ): Promise<void> {
    if (requests.length === 0) return;
    const at = later(this.clock.now(), afterMs);
    const orders = requests.map(({ requestId, subjectId }) => ({ orderId: newId(), requestId, subjectId }));
    await addOrders(tx, action, orders, at);
    const waits =
      !goesAlone(action) &&
      (await isOut(tx, action, later(at, -OUT_MS))) &&
      (await countUnsealed(tx, action)) < COMPANY;
    // Work of its own for each transaction: on one row for all of a tenant's orders its requests would wait in line.
    await this.due.add(tx, QUEUES[action], [orders[0]!.orderId], later(at, waits ? COMPANY_MS : 0));
  }

  /** Orders that were waiting for an earlier one about the same person may go now. */
  async wake(tx: Tx): Promise<void> {
    for (const action of await unsealedActions(tx)) await this.due.add(tx, QUEUES[action], [tx.tenantId]);
  }

  private seal(item: DueItem, action: ActionName): Promise<void> {
    return this.uow.run(item.tenantId, async (tx) => {
      const orders = await takeUnsealed(tx, action, this.clock.now(), MOST_ORDERS);
      await this.due.spare(
        tx,
        QUEUES[action],
        item.ref,
        orders.map(({ orderId }) => orderId),
      );
      for (const alike of goesAlone(action) ? orders.map((order) => [order]) : groupsOf(orders))
        await this.issue(tx, action, alike);
      // More than one batch could hold, or people with two orders, whose second goes out by itself.
      if (orders.length === MOST_ORDERS) await this.due.add(tx, QUEUES[action], [tx.tenantId]);
      await item.done(tx);
    });
  }

  private async issue(tx: Tx, action: ActionName, orders: readonly UnsealedOrder[]): Promise<void> {
    const at = this.clock.now();
    const batchId = newId();
    const manifests = orders[0]?.pins ?? {};
    const issued = signOrders(
      {
        batchId,
        tenantId: tx.tenantId,
        action: actionToWire(action),
        orders: orders.map(orderToWire),
        issuedAt: at.toISOString(),
        manifests,
      },
      this.signing,
    );
    await addBatch(
      tx,
      {
        batchId,
        action,
        issued: Buffer.from(datarightsV1.OrdersIssued.encode(issued).finish()),
        services: Object.keys(manifests),
        orderIds: orders.map(({ orderId }) => orderId),
      },
      at,
    );
    await this.outbox.add(tx, OrdersIssued, issued);
    await deliver(tx, participantsAmong(Object.keys(manifests)), batchId, at);
    await this.due.add(tx, ASK, [batchId], later(at, ASK_FIRST_MS));
  }

  private askAgain(item: DueItem): Promise<void> {
    return this.uow.run(item.tenantId, async (tx) => {
      const batch = await batchById(tx, item.ref);
      const silent = batch ? await silentServices(tx, item.ref) : [];
      if (!batch || silent.length === 0) return item.done(tx);
      await this.outbox.add(tx, OrdersIssued, datarightsV1.OrdersIssued.decode(batch.issued));
      await deliver(
        tx,
        await handedWithoutAnswer(tx, participantsAmong(silent), batch.batchId),
        batch.batchId,
        this.clock.now(),
      );
      await noteAsked(tx, batch.batchId);
      const late = await markHalfTime(tx, batch.batchId, this.clock.now());
      if (late > 0) tx.afterCommit(() => halfTime.add(late));
      const pause = Math.min(ASK_FIRST_MS * 2 ** Math.min(batch.asked, 10), ASK_LAST_MS);
      return item.putOff(tx, later(this.clock.now(), pause));
    });
  }
}

/** Orders that can travel together: pinned to the same manifests, about the same kind of people; probes
 * of corrections look for something else than those of erasures. */
function groupsOf(orders: readonly UnsealedOrder[]): UnsealedOrder[][] {
  const groups = new Map<string, UnsealedOrder[]>();
  for (const order of orders) {
    const key = `${order.kind} ${order.corrects} ${canonicalJson(order.pins)}`;
    groups.set(key, [...(groups.get(key) ?? []), order]);
  }
  return [...groups.values()];
}

function orderToWire(order: UnsealedOrder): datarightsV1.Order {
  return {
    orderId: order.orderId,
    requestId: order.requestId,
    orderNumber: BigInt(order.orderNumber),
    subjectId: order.subjectId,
    subjectKind:
      order.kind === 'member'
        ? datarightsV1.SubjectKind.SUBJECT_KIND_MEMBER
        : datarightsV1.SubjectKind.SUBJECT_KIND_CONTACT,
    aliases: [],
    handle: order.handle ?? '',
    objects: order.objects,
    corrects: order.corrects,
  };
}

function later(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms);
}
