import { openReceipt as open, type OpenedStatement, type Opening, type Receipt } from '@heed/data-rights';
import { refusal } from '../errors.js';
import { type SealedOrder } from '../orders/order.store.js';

/** What a receipt commits to; refused where it is not all of what was ordered, and nothing else. */
export function openReceipt(
  tenantId: string,
  receipt: Receipt,
  orders: readonly SealedOrder[],
  openings: readonly Opening[],
  stores: readonly string[],
): OpenedStatement[] {
  const opened = open(tenantId, receipt, orders, openings, stores);
  if (!('reason' in opened)) return opened;
  throw refusal(opened.reason, { metadata: { service: receipt.service, why: opened.why } });
}
