import { isAllowed } from './allowed-answers.js';
import { type ActionName } from './answer.js';
import { opens, type Opening, type Receipt } from './receipt.js';
import { readStatement, SALT_BYTES, type Statement } from './statement.js';

/** An order as it was issued. */
export interface IssuedOrder {
  orderId: string;
  requestId: string;
  subjectId: string;
  orderNumber: number;
  action: ActionName;
}

/** What a service says about one order, proved to be in the receipt that it signed. */
export interface OpenedStatement {
  opening: Opening;
  statement: Statement;
}

/** Why a receipt does not say what it should. */
export interface NotOpened {
  reason: 'RECEIPT_DOES_NOT_OPEN' | 'ANSWER_NOT_ALLOWED';
  /** COUNT, PATH, STATEMENT, STORES, or the store that answers so. */
  why: string;
}

/**
 * Opens a receipt whose signature was verified: one opening for each order of its batch, each in the tree, each about
 * that order and no other, with an answer of every store of the manifest that the service worked by. Throws
 * STATEMENT_MALFORMED for bytes that are no statement.
 */
export function openReceipt(
  tenantId: string,
  receipt: Receipt,
  orders: readonly IssuedOrder[],
  openings: readonly Opening[],
  stores: readonly string[],
): OpenedStatement[] | NotOpened {
  const not = (why: string): NotOpened => ({ reason: 'RECEIPT_DOES_NOT_OPEN', why });
  if (receipt.treeSize !== orders.length || openings.length !== orders.length) return not('COUNT');
  if (openings.some(({ salt }) => salt.length !== SALT_BYTES) || !opens(receipt, openings))
    return not('PATH');
  const byOrder = new Map(openings.map((opening) => [opening.orderId, opening]));
  const demanded = [...stores].sort().join();
  const opened: OpenedStatement[] = [];
  for (const order of orders) {
    const opening = byOrder.get(order.orderId);
    if (!opening) return not('PATH');
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
    if (!isOurs) return not('STATEMENT');
    const answered = statement.entries.map((entry) => entry.store);
    if (answered.join() !== demanded) return not('STORES');
    const wrong = statement.entries.find((entry) => !isAllowed(order.action, entry));
    if (wrong) return { reason: 'ANSWER_NOT_ALLOWED', why: wrong.store };
    opened.push({ opening, statement });
  }
  return opened;
}
