import { type DueWork, type Statement } from '@heed/data-rights';
import { type Manifest } from '@heed/data-map';
import { type Tx } from '@heed/postgres';
import { ordersFor } from './processor.js';
import { processorsOf } from './processor.store.js';
import { addOrder, putBeforePerson } from './processor-order.store.js';

/** Erasures that are to be passed on to processors, and what they answer. */
export const PROCESSORS = 'processors';

/**
 * In the transaction in which a service's erasures begin to count: each processor that it has handed something to must be
 * told. Who has none is told nothing, and learns of nobody.
 */
export async function orderProcessors(
  tx: Tx,
  due: DueWork,
  manifest: Manifest,
  statements: readonly Statement[],
  at: Date,
): Promise<void> {
  const asked = statements
    .filter(({ action }) => action === 'ERASE')
    .flatMap(({ requestId, entries }) =>
      ordersFor(manifest, entries).map((order) => ({ ...order, requestId })),
    );
  if (asked.length === 0) return;
  const known = await processorsOf(
    tx,
    tx.tenantId,
    asked.map(({ store }) => store),
  );
  for (const order of asked) {
    const processor = known.get(order.store);
    // Nobody has put down how it is told: that is for a person.
    const needsPerson = processor?.how !== 'OPENDSR';
    const added = await addOrder(tx, { ...order, needsPerson, name: processor?.name ?? order.store }, at);
    if (!added) continue;
    if (needsPerson) await putBeforePerson(tx, order.requestId, at, true);
    else await due.add(tx, PROCESSORS, [order.processorOrderId], at);
  }
}
