import { describe, expect, it } from '@jest/globals';
import { answer, signReceipt, type Statement } from '@heed/data-rights';
import { newId, SigningKey } from '@heed/kernel';
import { type SealedOrder } from '../orders/order.store.js';
import { openReceipt } from './opened-receipt.js';

const STORES = ['contacts.person', 'contacts.subject-keys'];
const tenantId = newId();
const key = SigningKey.generate();

function orderOf(orderNumber = 1): SealedOrder {
  return { orderId: newId(), requestId: newId(), subjectId: newId(), orderNumber, action: 'ERASE' };
}

function stated(order: SealedOrder, more: Partial<Statement> = {}): Statement {
  return {
    ...{ tenantId, service: 'contacts', manifest: 'a'.repeat(64), at: new Date('2026-11-24T10:00:00Z') },
    ...order,
    entries: STORES.map((store) => answer(store, 'ERASED', { count: 1 })),
    ...more,
  };
}

function signed(statements: Statement[], more: { manifestVersion?: string } = {}) {
  const head = {
    ...{ receiptId: newId(), batchId: newId(), service: 'contacts', action: 'ERASE' as const },
    ...{ manifestVersion: 'a'.repeat(64), signedAt: new Date('2026-11-24T10:00:00Z'), ...more },
  };
  return signReceipt(head, statements, key);
}

/** Why the receipt of such statements does not open for these orders. */
function refusedFor(orders: SealedOrder[], statements: Statement[]): string {
  const { receipt, openings } = signed(statements);
  try {
    openReceipt(tenantId, receipt, orders, openings, STORES);
  } catch (error) {
    return (error as { metadata: { why: string } }).metadata.why;
  }
  return 'opened';
}

describe('the opening of a receipt', () => {
  const [one, other] = [orderOf(), orderOf(7)];

  it('gives a statement for each order', () => {
    const { receipt, openings } = signed([stated(one), stated(other)]);
    const opened = openReceipt(tenantId, receipt, [other, one], openings, STORES);
    expect(opened.map(({ statement }) => statement.orderId)).toEqual([other.orderId, one.orderId]);
  });

  it('6.4 is refused where an order was left out, or one was added', () => {
    expect(refusedFor([one, other], [stated(one)])).toBe('COUNT');
    expect(refusedFor([one], [stated(one), stated(other)])).toBe('COUNT');
    expect(refusedFor([one, other], [stated(one), stated(one)])).toBe('PATH');
  });

  it('6.2 is refused where a statement is about something else than its order', () => {
    const others: Partial<Statement>[] = [
      { tenantId: newId() },
      { requestId: newId() },
      { subjectId: newId() },
      { orderNumber: 2 },
      { action: 'PROBE' },
      { service: 'telephony' },
      { manifest: 'b'.repeat(64) },
    ];
    for (const more of others) expect(refusedFor([one], [stated(one, more)])).toBe('STATEMENT');
  });

  it('6.5 is refused where a store has not answered, or one that is not declared has', () => {
    expect(refusedFor([one], [stated(one, { entries: [answer(STORES[0]!, 'ERASED')] })])).toBe('STORES');
    const entries = [...STORES, 'contacts.zoo'].map((store) => answer(store, 'NOTHING_HELD'));
    expect(refusedFor([one], [stated(one, { entries })])).toBe('STORES');
  });

  it('is refused where a statement was altered after it was signed', () => {
    const { receipt, openings } = signed([stated(one)]);
    const altered = Buffer.from(openings[0]!.statement.toString().replace('"count":1', '"count":0'));
    const spoiled = [{ ...openings[0]!, statement: altered }];
    expect(() => openReceipt(tenantId, receipt, [one], spoiled, STORES)).toThrow();
  });
});
