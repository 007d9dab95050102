import { type Manifest } from '@heed/data-map';
import { type Tx } from '@heed/postgres';
import { answer } from './answer.js';
import { type OrderAnswer } from './erase-rows.js';
import { type Order } from './order-batch.js';
import { ProbeStore, type SearchedTable } from './probe.store.js';

/** Searches every table about people for those who were erased, by their ids. */
export class ProbeRows {
  private readonly store = new ProbeStore();
  private readonly tables: SearchedTable[];

  constructor(private readonly manifest: Manifest) {
    this.tables = manifest.stores.filter(
      (store): store is typeof store & SearchedTable => store.kind === 'table' && store.of === 'subject',
    );
  }

  /** As role probe. Undefined while somebody who began before the fence may still write. */
  async probe(tx: Tx, orders: readonly Order[], fenceXid: string): Promise<OrderAnswer[] | undefined> {
    if (!(await this.store.hasPassed(tx, fenceXid))) return undefined;
    const ids = orders.flatMap((order) => order.subjectIds);
    const answers: OrderAnswer[] = [];
    for (const table of this.tables) {
      const found = await this.store.search(tx, table, ids);
      const name = `${this.manifest.service}.${table.name}`;
      for (const order of orders) {
        const hits = found.filter((hit) => order.subjectIds.includes(hit.subjectId));
        const live = hits.reduce((sum, hit) => sum + hit.live, 0);
        const retained = hits.reduce((sum, hit) => sum + hit.retained, 0);
        const until = Math.max(0, ...hits.map((hit) => hit.until?.getTime() ?? 0));
        const given =
          live > 0
            ? answer(name, 'PROBED_FOUND', { count: live })
            : retained > 0
              ? answer(name, 'RETAINED', {
                  count: retained,
                  detail: hits.find((hit) => hit.ground)?.ground ?? '',
                  until: until > 0 ? new Date(until).toISOString() : '',
                })
              : answer(name, 'PROBED_CLEAN');
        answers.push({ orderId: order.orderId, ...given });
      }
    }
    return answers;
  }
}
