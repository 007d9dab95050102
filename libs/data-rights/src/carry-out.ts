import { type Clock } from '@heed/kernel';
import { type UnitOfWork } from '@heed/postgres';
import { type CarryOutCorrections } from './carry-out-corrections.js';
import { type CollectExport } from './collect-export.js';
import { type DueItem, type DueWork } from './due-work.js';
import { byOrder, type EraseRows, type OrderAnswer } from './erase-rows.js';
import { type HandedOver } from './handed-over.js';
import { type KeptHashes } from './kept-hashes.js';
import { type KeptRows } from './kept-rows.js';
import { type OrdersStore, type TakenBatch } from './orders.store.js';
import { type ProbeForms } from './probe-forms.js';
import { type ProbeRows } from './probe-rows.js';
import { type ReceiptsStore } from './receipts.store.js';
import { type RestrictRows } from './restrict-rows.js';
import { type SignAnswers } from './sign-answers.js';
import { type SlowStores } from './slow-stores.js';
import { type SpecialCases } from './special.js';

/** Export parts whose days are over. */
export const EXPORTS = 'exports';
/** Retained rows whose ground has ended. */
export const RETENTION = 'retention';

const EXPORT_DAYS = 7;
const DAY_MS = 86_400_000;
/** How soon a batch looks again whether what it waits for has happened. */
const READY_MS = 250;
const PROBE_MS = 50;

export interface CarryOutParts {
  work: UnitOfWork;
  orders: OrdersStore;
  receipts: ReceiptsStore;
  eraseRows: EraseRows;
  slow: SlowStores;
  probeRows: ProbeRows;
  probeForms: ProbeForms;
  collect: CollectExport;
  restrict: RestrictRows;
  corrections: CarryOutCorrections;
  keptHashes: KeptHashes;
  handedOver: HandedOver;
  keptRows: KeptRows;
  sign: SignAnswers;
  special: SpecialCases;
  due: DueWork;
  clock: Clock;
}

/**
 * Carries out a batch of orders, step by step; each step is durable before the next begins and may be repeated, so a
 * process that is killed anywhere leaves the batch late, never lost and never signed for too early.
 */
export class CarryOut {
  constructor(private readonly parts: CarryOutParts) {}

  async handle(item: DueItem): Promise<void> {
    const { work, orders, receipts } = this.parts;
    const { batch, isSigned } = await work.run(item.tenantId, async (tx) => ({
      batch: await orders.lockBatch(tx, item.ref),
      isSigned: (await receipts.find(tx, item.ref)) !== undefined,
    }));
    if (!batch || isSigned) return work.run(item.tenantId, (tx) => item.done(tx));
    switch (batch.action) {
      case 'ERASE':
        return this.erase(item, batch);
      case 'PROBE':
        return batch.orders.some((order) => order.corrects)
          ? this.parts.corrections.probe(item, batch)
          : this.probe(item, batch);
      case 'ACCESS':
        return this.access(item, batch);
      case 'CORRECT':
        return this.parts.corrections.correct(item, batch);
      case 'RESTRICT':
      case 'LIFT':
        return this.restrict(item, batch, batch.action);
    }
  }

  /** Rows and fence; what stands outside the database; the wait for memories; the signature. */
  private async erase(item: DueItem, batch: TakenBatch): Promise<void> {
    const { work, orders, sign, clock } = this.parts;
    const { tenantId } = item;
    if (!batch.fencedAt && !(await this.eraseRows(tenantId, batch))) return this.putOff(item, READY_MS);
    const clearAt = batch.cachesClearAt ?? (await this.destroySlowStores(tenantId, batch));
    await work.run(tenantId, async (tx) => {
      if (clearAt > clock.now()) {
        await orders.markCachesClearAt(tx, batch.batchId, clearAt);
        return item.putOff(tx, clearAt);
      }
      await sign.signKept(tx, batch);
      return item.done(tx);
    });
  }

  private async eraseRows(tenantId: string, batch: TakenBatch): Promise<boolean> {
    const { work, orders, eraseRows, slow, special, due, clock } = this.parts;
    const asked = special.erasures.filter((erasure) => erasure.ready !== undefined);
    if (asked.length > 0) {
      const isReady = await work.run(tenantId, async (tx) => {
        for (const erasure of asked) if (!(await erasure.ready!(tx, batch.orders))) return false;
        return true;
      });
      if (!isReady) return false;
    }
    await work.run(
      tenantId,
      async (tx) => {
        const at = clock.now();
        const locked = await orders.lockBatch(tx, batch.batchId);
        if (locked?.fencedAt) return;
        const answers = await eraseRows.erase(tx, batch.orders, at);
        const ageing = slow.ageing(at);
        const everywhere = batch.orders.flatMap(({ orderId }) =>
          ageing.map((given) => ({ orderId, ...given })),
        );
        await orders.addAnswers(tx, 'rows', byOrder([...answers, ...everywhere]));
        await orders.markFenced(tx, batch.batchId, at);
        const retained = answers.filter(({ outcome, until }) => outcome === 'RETAINED' && until !== '');
        const people = new Map(batch.orders.map(({ orderId, subjectIds }) => [orderId, subjectIds]));
        for (const [until, those] of Map.groupBy(retained, (given) => given.until)) {
          const ids = new Set(those.flatMap(({ orderId }) => people.get(orderId) ?? []));
          await due.add(tx, RETENTION, [...ids], new Date(until));
        }
      },
      { role: 'eraser' },
    );
    return true;
  }

  /** Counted and kept before anything is destroyed: a repetition would find less than there was. */
  private async destroySlowStores(tenantId: string, batch: TakenBatch): Promise<Date> {
    const { work, orders, slow, special, clock } = this.parts;
    for (const erasure of special.erasures) await erasure.finish?.(tenantId, batch.orders);
    const taken = await slow.take(tenantId, batch.orders);
    const kept = await work.run(tenantId, async (tx) => {
      // After the commit of the fence: whoever could still write past it is older than this transaction.
      if (!batch.fenceXid) await orders.markFenceCommitted(tx, batch.batchId);
      await orders.addAnswers(tx, 'slow', byOrder(taken));
      // As first counted: a repetition finds no key, and a memory may hold one all the same.
      return orders.answersOf(
        tx,
        batch.orders.map((order) => order.orderId),
      );
    });
    const keyStores = slow.keyStores();
    const hadKeys = [...kept.values()]
      .flat()
      .some(({ store, count }) => keyStores.includes(store) && count > 0);
    return (await slow.destroy(tenantId, batch.orders, hadKeys)) ?? clock.now();
  }

  private async probe(item: DueItem, batch: TakenBatch): Promise<void> {
    const { work, orders, receipts, probeRows, probeForms, slow, sign, clock } = this.parts;
    const { keptHashes, keptRows, handedOver } = this.parts;
    const { tenantId } = item;
    const ids = batch.orders.flatMap((order) => order.subjectIds);
    const fence = await work.run(tenantId, async (tx) => {
      const over = await orders.fenceOver(tx, ids);
      if (over !== null) return over;
      // Not known from the erasure: now is later than its commit, so it is as safe and only slower.
      await orders.markFenceCommitted(tx, batch.batchId);
      return (await orders.lockBatch(tx, batch.batchId))?.fenceXid ?? null;
    });
    if (fence === null) return this.putOff(item, PROBE_MS);
    const searches = await probeForms.of(tenantId, batch.orders);
    const found = await work.run(tenantId, (tx) => probeRows.probe(tx, batch.orders, fence, searches), {
      role: 'probe',
    });
    if (!found) return this.putOff(item, PROBE_MS);
    const slowly = await slow.probe(tenantId, batch.orders);
    const ageing = slow.ageing(clock.now());
    await work.run(tenantId, async (tx) => {
      const erased = await receipts.signedErasures(tx, batch.orders);
      const kept = batch.orders.flatMap(({ orderId }) => {
        const said = erased.get(orderId) ?? [];
        return [...keptHashes.probed(said), ...handedOver.probed(said)].map((given) => ({
          orderId,
          ...given,
        }));
      });
      const seen = found.map(({ orderId, ...given }) => ({
        orderId,
        ...keptRows.probed(given, erased.get(orderId) ?? []),
      }));
      const everywhere = batch.orders.flatMap(({ orderId }) =>
        ageing.map((given) => ({ orderId, ...given })),
      );
      await sign.sign(tx, batch, byOrder([...seen, ...slowly, ...kept, ...everywhere]));
      await item.done(tx);
    });
  }

  private async access(item: DueItem, batch: TakenBatch): Promise<void> {
    const { work, collect, sign, due, clock } = this.parts;
    const at = clock.now();
    const expiresAt = new Date(at.getTime() + EXPORT_DAYS * DAY_MS);
    await work.run(
      item.tenantId,
      async (tx) => {
        const answers: OrderAnswer[] = [];
        for (const order of batch.orders) {
          answers.push(...(await collect.collect(tx, order, at, expiresAt)));
          await due.add(tx, EXPORTS, [order.orderId], expiresAt);
        }
        await sign.sign(tx, batch, byOrder(answers));
        await item.done(tx);
      },
      // Sees retained rows: what is kept from the service is not kept from the person's answer.
      { role: 'eraser' },
    );
  }

  private async restrict(item: DueItem, batch: TakenBatch, action: 'RESTRICT' | 'LIFT'): Promise<void> {
    const { work, restrict, sign } = this.parts;
    const order = batch.orders[0]!;
    const slowly = await restrict.slowStores(item.tenantId, order, action);
    await work.run(
      item.tenantId,
      async (tx) => {
        const answers = await restrict.rows(tx, order, action);
        await sign.sign(tx, batch, new Map([[order.orderId, [...answers, ...slowly]]]));
        await item.done(tx);
      },
      // Alone may set the mark.
      { role: 'eraser' },
    );
  }

  private putOff(item: DueItem, ms: number): Promise<void> {
    const { work, clock } = this.parts;
    return work.run(item.tenantId, (tx) => item.putOff(tx, new Date(clock.now().getTime() + ms)));
  }
}
