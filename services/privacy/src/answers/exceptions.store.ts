import { type ActionName } from '@heed/data-rights';
import { type Tx } from '@heed/postgres';
import { COUNTS } from '../orders/order.store.js';
import { type SaidSoFar } from './exceptions.js';

/** What was said about a request so far, whoever said it. */
export function saidAbout(tx: Tx, requestId: string): Promise<SaidSoFar[]> {
  return tx.query<SaidSoFar & object>(
    `select o.action, g.service, g.found from subject_order o join opening g using (tenant_id, order_id)
     where o.tenant_id = $1 and o.request_id = $2 and ${COUNTS}`,
    [tx.tenantId, requestId],
  );
}

export async function askedSince(tx: Tx, requestId: string): Promise<Map<ActionName, Date>> {
  const rows = await tx.query<{ action: ActionName; at: Date }>(
    `select o.action, b.issued_at as at from subject_order o
     join issued_batch b on b.tenant_id = $1 and b.batch_id = o.batch_id
     where o.tenant_id = $1 and o.request_id = $2 and ${COUNTS}`,
    [tx.tenantId, requestId],
  );
  return new Map(rows.map(({ action, at }) => [action, at]));
}

/** Of these orders, those whose request is open. */
export async function openAmong(tx: Tx, orderIds: readonly string[]): Promise<number> {
  const [row] = await tx.query<{ open: number }>(
    `select count(*)::int as open from subject_order o join request r using (tenant_id, request_id)
     where o.tenant_id = $1 and o.order_id = any ($2::uuid[]) and r.closed_at is null`,
    [tx.tenantId, orderIds],
  );
  return row?.open ?? 0;
}
