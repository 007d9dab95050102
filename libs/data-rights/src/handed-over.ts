import { type DeclaredStore, type Manifest } from '@heed/data-map';
import { DomainError } from '@heed/kernel';
import { type Tx } from '@heed/postgres';
import { answer, type StoreAnswer } from './answer.js';
import { sumOf, type OrderAnswer } from './erase-rows.js';
import { answerName } from './manifest-stores.js';
import { type Order } from './order-batch.js';
import { type HandedSpan, type SpecialCases } from './special.js';

type ProcessorDeclared = Extract<DeclaredStore, { kind: 'processor' }>;

/** From when until when each processor worked for the service, by the name of its store. */
export type ProcessorSpans = ReadonlyMap<string, HandedSpan>;

/**
 * What went to somebody else who works for the service: a mail provider, a carrier. The service cannot look into it; it
 * says how often it handed something over, and privacy passes an erasure on (services/privacy/src/processors). Nobody
 * to whom nothing was handed learns that there was a person.
 */
export class HandedOver {
  private readonly declared: ProcessorDeclared[];

  constructor(
    private readonly manifest: Manifest,
    private readonly special: SpecialCases,
    private readonly spans: ProcessorSpans,
  ) {
    this.declared = manifest.stores.filter((store): store is ProcessorDeclared => store.kind === 'processor');
  }

  /** Names of the stores, as answers have them. */
  get stores(): string[] {
    return this.declared.map((store) => answerName(this.manifest.service, store));
  }

  /** Before the rows go that say so. */
  async count(tx: Tx, orders: readonly Order[]): Promise<OrderAnswer[]> {
    if (this.declared.length === 0) return [];
    const counting = this.special.handedOver;
    if (!counting) throw new DomainError('HANDED_OVER_NOT_COUNTED', 'internal');
    const subjectIds = orders.flatMap((order) => order.subjectIds);
    const answers: OrderAnswer[] = [];
    for (const store of this.declared) {
      const counts = await counting(tx, subjectIds, this.spans.get(store.name) ?? {});
      for (const order of orders) {
        const given = this.given(store, sumOf(order, counts), 'NOTHING_HELD');
        answers.push({ orderId: order.orderId, ...given });
      }
    }
    return answers;
  }

  /** A search cannot reach there: it repeats what was said about the person before the rows went. */
  probed(before: readonly StoreAnswer[]): StoreAnswer[] {
    return this.declared.map((store) => {
      const name = answerName(this.manifest.service, store);
      const said = before.find((given) => given.store === name && given.outcome === 'AT_PROCESSOR');
      return this.given(store, said?.count ?? 0, 'PROBED_CLEAN');
    });
  }

  private given(store: ProcessorDeclared, count: number, none: 'NOTHING_HELD' | 'PROBED_CLEAN'): StoreAnswer {
    const name = answerName(this.manifest.service, store);
    return count > 0 ? answer(name, 'AT_PROCESSOR', { count }) : answer(name, none);
  }
}
