import { opens, readStatement, type Opening, type Receipt, type Statement } from '@heed/data-rights';
import { refusal } from '../errors.js';
import { type SealedOrder } from '../orders/order.store.js';

/** What a service says about one order, proved to be in the receipt that it signed. */
export interface OpenedStatement {
  opening: Opening;
  statement: Statement;
}

/**
 * Opens a receipt whose signature was verified: one opening for each order of its batch, each in the tree, each about
 * that order and no other, with an answer of every store of the manifest that the service worked by.
 */
export function openReceipt(
  tenantId: string,
  receipt: Receipt,
  orders: readonly SealedOrder[],
  openings: readonly Opening[],
  stores: readonly string[],
): OpenedStatement[] {
  const refused = (why: string) =>
    refusal('RECEIPT_DOES_NOT_OPEN', { metadata: { service: receipt.service, why } });
  if (receipt.treeSize !== orders.length || openings.length !== orders.length) throw refused('COUNT');
  return orders.map((order) => {
    const opening = openings.find((candidate) => candidate.orderId === order.orderId);
    if (!opening || !opens(receipt, opening)) throw refused('PATH');
    const statement = readStatement(opening.statement);
    const isOurs =
      statement.tenantId === tenantId &&
      statement.requestId === order.requestId &&
      statement.orderId === order.orderId &&
      statement.orderNumber === order.orderNumber &&
      statement.subjectId === order.subjectId &&
      statement.action === order.action &&
      statement.action === receipt.action &&
      statement.service === receipt.service &&
      statement.manifest === receipt.manifestVersion;
    if (!isOurs) throw refused('STATEMENT');
    const answered = statement.entries.map((entry) => entry.store);
    if (answered.join() !== [...stores].sort().join()) throw refused('STORES');
    return { opening, statement };
  });
}
