import { type Tx } from '@heed/postgres';
import { answer, type StoreAnswer } from './answer.js';
import { sumOf, type OrderAnswer } from './erase-rows.js';
import { type Order } from './order-batch.js';
import { type SpecialCases } from './special.js';

const DAY_MS = 86_400_000;

/**
 * Rows about a person that stay for some days under an id that is not theirs. Their table finds none by the person's id,
 * which would not be the whole truth: where there are some, it says how many, why and until when.
 */
export class KeptRows {
  constructor(
    private readonly service: string,
    private readonly special: SpecialCases,
  ) {}

  /** In place of what the tables said when the person was erased. As eraser. */
  async amend(tx: Tx, orders: readonly Order[], answers: OrderAnswer[], at: Date): Promise<OrderAnswer[]> {
    let amended = answers;
    for (const { store, ground, days, count } of this.special.kept.values()) {
      const name = `${this.service}.${store}`;
      const counts = await count(
        tx,
        orders.flatMap(({ subjectIds }) => subjectIds),
      );
      const until = new Date(at.getTime() + days * DAY_MS).toISOString();
      amended = amended.map((given) => {
        if (given.store !== name) return given;
        const order = orders.find(({ orderId }) => orderId === given.orderId);
        const kept = order ? sumOf(order, counts) : 0;
        return kept > 0
          ? { orderId: given.orderId, ...answer(name, 'RETAINED', { count: kept, detail: ground, until }) }
          : given;
      });
    }
    return amended;
  }

  /** In place of what a probe found by id: `erased` is what was said about the person when they were erased. */
  probed(given: StoreAnswer, erased: readonly StoreAnswer[]): StoreAnswer {
    if (given.outcome !== 'PROBED_CLEAN') return given;
    const isKept = [...this.special.kept.keys()].some((store) => given.store === `${this.service}.${store}`);
    const kept =
      isKept && erased.find(({ store, outcome }) => store === given.store && outcome === 'RETAINED');
    return kept || given;
  }
}
