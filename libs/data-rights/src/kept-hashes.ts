import { type DeclaredStore, type Manifest } from '@heed/data-map';
import { DomainError } from '@heed/kernel';
import { type Tx } from '@heed/postgres';
import { answer, type StoreAnswer } from './answer.js';
import { sumOf, type OrderAnswer } from './erase-rows.js';
import { answerName } from './manifest-stores.js';
import { type Order } from './order-batch.js';
import { type SpecialCases } from './special.js';

type HashesDeclared = Extract<DeclaredStore, { kind: 'hashes' }>;

/**
 * Keyed hashes that a person left behind by their own wish: never destroyed, and always named. They are counted while
 * the person's addresses are still known, for nobody can be found by them; a probe can only repeat what was counted then.
 */
export class KeptHashes {
  private readonly declared: HashesDeclared[];

  constructor(
    private readonly manifest: Manifest,
    private readonly special: SpecialCases,
  ) {
    this.declared = manifest.stores.filter((store): store is HashesDeclared => store.kind === 'hashes');
  }

  /** Before the rows go, after what is special has added to them. */
  async count(tx: Tx, orders: readonly Order[]): Promise<OrderAnswer[]> {
    const answers: OrderAnswer[] = [];
    for (const store of this.declared) {
      const counting = this.special.hashes.get(store.name);
      if (!counting) {
        throw new DomainError('HASHES_NOT_COUNTED', 'internal', { metadata: { store: store.name } });
      }
      const counts = await counting(
        tx,
        orders.flatMap(({ subjectIds }) => subjectIds),
      );
      for (const order of orders) {
        answers.push({ orderId: order.orderId, ...this.kept(store, sumOf(order, counts), 'NOTHING_HELD') });
      }
    }
    return answers;
  }

  /** What a probe says: `erased` is what was said about the person when they were erased. */
  probed(erased: readonly StoreAnswer[]): StoreAnswer[] {
    return this.declared.map((store) => {
      const name = answerName(this.manifest.service, store);
      const count = erased.find((given) => given.store === name && given.outcome === 'RETAINED')?.count ?? 0;
      return this.kept(store, count, 'PROBED_CLEAN');
    });
  }

  private kept(store: HashesDeclared, count: number, none: 'NOTHING_HELD' | 'PROBED_CLEAN'): StoreAnswer {
    const name = answerName(this.manifest.service, store);
    return count > 0 ? answer(name, 'RETAINED', { count, detail: store.ground }) : answer(name, none);
  }
}
