import { subjectTablesOf, type Manifest, type SubjectTable } from '@heed/data-map';
import { lockSubjectsForErasure, raiseFence, type Tx } from '@heed/postgres';
import { answer, type StoreAnswer } from './answer.js';
import { ErasureStore, type Counts } from './erasure.store.js';
import { inOrderOfErasure, readReferences } from './erasure-order.js';
import { answerName } from './manifest-stores.js';
import { type HandedOver } from './handed-over.js';
import { type KeptHashes } from './kept-hashes.js';
import { type KeptRows } from './kept-rows.js';
import { type Order } from './order-batch.js';
import { type SpecialCases } from './special.js';

export type OrderAnswer = StoreAnswer & { orderId: string };

const DAY_MS = 86_400_000;

/**
 * Erases the rows of up to 500 people, table by table, and raises the fence over them: one transaction, whatever the
 * tables. What becomes of a table's rows is what its annotation says; no table has a line here.
 */
export class EraseRows {
  private readonly store = new ErasureStore();
  private ordered: SubjectTable[] | undefined;

  constructor(
    private readonly manifest: Manifest,
    private readonly special: SpecialCases,
    private readonly keptHashes: KeptHashes,
    private readonly keptRows: KeptRows,
    private readonly handedOver: HandedOver,
  ) {}

  /** As role eraser. Afterwards PostgreSQL refuses any row that would be about them again. */
  async erase(tx: Tx, orders: readonly Order[], at: Date): Promise<OrderAnswer[]> {
    const subjectIds = orders.flatMap((order) => order.subjectIds);
    // Waits for every transaction that is inserting about them, and keeps out those to come. Somebody never seen here
    // gets a tombstone: a late event about them meets the fence too.
    await lockSubjectsForErasure(tx, subjectIds, orders[0]?.kind);
    for (const special of this.special.erasures) await special.before?.(tx, orders);
    const answers = await this.keptHashes.count(tx, orders);
    answers.push(...(await this.handedOver.count(tx, orders)));
    for (const table of await this.tables(tx)) {
      answers.push(...(await this.eraseTable(tx, table, orders, subjectIds, at)));
    }
    for (const special of this.special.erasures) answers.push(...((await special.after?.(tx, orders)) ?? []));
    await raiseFence(tx, subjectIds);
    return this.keptRows.amend(tx, orders, answers, at);
  }

  private async eraseTable(
    tx: Tx,
    table: SubjectTable,
    orders: readonly Order[],
    subjectIds: readonly string[],
    at: Date,
  ): Promise<OrderAnswer[]> {
    const { onErasure, also } = table;
    const detached = also
      ? await this.store.detachRows(tx, table, also, subjectIds)
      : new Map<string, number>();
    const store = answerName(this.manifest.service, table);
    const answerEach = (counts: Counts, held: (order: Order, count: number) => StoreAnswer): OrderAnswer[] =>
      orders.map((order) => {
        const count = sumOf(order, counts);
        const cutOff = sumOf(order, detached);
        if (count > 0) return { orderId: order.orderId, ...held(order, count) };
        return {
          orderId: order.orderId,
          ...(cutOff > 0
            ? answer(store, 'ANONYMISED', { count: cutOff, detail: 'second_person_detached' })
            : answer(store, 'NOTHING_HELD')),
        };
      });

    if (onErasure === 'delete') {
      const counts = await this.store.deleteRows(tx, table, subjectIds);
      return answerEach(counts, (_, count) => answer(store, 'ERASED', { count }));
    }
    if (onErasure === 'anonymise') {
      const counts = await this.store.anonymiseRows(tx, table, subjectIds);
      return answerEach(counts, (_, count) =>
        answer(store, 'ANONYMISED', { count, detail: 'identifiers_removed' }),
      );
    }
    const { ground, days } = onErasure;
    const counts = await this.store.retainRows(tx, table, subjectIds, ground);
    const until = new Date(at.getTime() + days * DAY_MS);
    const kept = await this.store.addRetention(tx, table, [...counts.keys()], ground, until);
    return answerEach(counts, (order, count) => {
      const ends = order.subjectIds.map((id) => kept.get(id)?.getTime() ?? 0);
      return answer(store, 'RETAINED', {
        count,
        detail: ground,
        until: new Date(Math.max(...ends)).toISOString(),
      });
    });
  }

  private async tables(tx: Tx): Promise<SubjectTable[]> {
    this.ordered ??= inOrderOfErasure(subjectTablesOf(this.manifest), await readReferences(tx));
    return this.ordered;
  }
}

export function sumOf(order: Order, counts: ReadonlyMap<string, number>): number {
  return order.subjectIds.reduce((sum, id) => sum + (counts.get(id) ?? 0), 0);
}

export function byOrder(answers: readonly OrderAnswer[]): Map<string, StoreAnswer[]> {
  const grouped = new Map<string, StoreAnswer[]>();
  for (const { orderId, ...given } of answers) {
    const theirs = grouped.get(orderId);
    if (theirs) theirs.push(given);
    else grouped.set(orderId, [given]);
  }
  return grouped;
}
