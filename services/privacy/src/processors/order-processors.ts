import { type DueWork, type Statement } from '@heed/data-rights';
import { type Manifest } from '@heed/data-map';
import { type Tx } from '@heed/postgres';
import { type KeyedHash } from '@heed/sealing';
import { numberFrom, ordersFor } from './processor.js';
import { processorsOf } from './processor.store.js';
import { addOrders, putBeforePerson } from './processor-order.store.js';

/** Erasures that are to be passed on to processors, and what they answer. */
export const PROCESSORS = 'processors';

/** What is to be passed on, by whom it was asked for. */
export type AskedOrder = ReturnType<typeof ordersFor>[number] & {
  processorOrderId: string;
  requestId: string;
};

const NUMBERS = 'processor order number';

/**
 * Before the transaction: the key lies elsewhere. A processor's number follows from what it is for, so a privacy that was
 * put back asks by the number that it told by; and by no key that is ever changed.
 */
export async function processorOrdersOf(
  hashes: Pick<KeyedHash, 'first'>,
  tenantId: string,
  manifest: Manifest,
  statements: readonly Statement[],
): Promise<AskedOrder[]> {
  const asked = statements
    .filter(({ action }) => action === 'ERASE')
    .flatMap(({ requestId, entries }) =>
      ordersFor(manifest, entries).map((order) => ({ ...order, requestId })),
    );
  if (asked.length === 0) return [];
  const values = asked.map(({ requestId, store }) => `${requestId} ${store}`);
  const named = await hashes.first(tenantId, NUMBERS, values, 1);
  return asked.map((order, at) => ({ ...order, processorOrderId: numberFrom(named[at]!) }));
}

/**
 * In the transaction in which a service's erasures begin to count: each processor that it has handed something to must be
 * told. Who has none is told nothing, and learns of nobody.
 */
export async function orderProcessors(
  tx: Tx,
  due: DueWork,
  asked: readonly AskedOrder[],
  at: Date,
): Promise<void> {
  if (asked.length === 0) return;
  const known = await processorsOf(
    tx,
    tx.tenantId,
    asked.map(({ store }) => store),
  );
  const orders = asked.map((order) => {
    const processor = known.get(order.store);
    // Nobody has put down how it is told: that is for a person.
    return { ...order, needsPerson: processor?.how !== 'OPENDSR', name: processor?.name ?? order.store };
  });
  const added = await addOrders(tx, orders, at);
  for (const { requestId } of added.filter(({ needsPerson }) => needsPerson))
    await putBeforePerson(tx, requestId, at, true);
  const theirs = added.filter(({ needsPerson }) => !needsPerson);
  await due.add(
    tx,
    PROCESSORS,
    theirs.map(({ processorOrderId }) => processorOrderId),
    at,
  );
}
