import { addOffsite } from '@heed/events';
import { NIL_UUID } from '@heed/kernel';
import { type Tx } from '@heed/postgres';

export interface IssuedErasure {
  batchId: string;
  issuedAt: Date;
  issued: Buffer;
}

/** Those of one millisecond are told apart by their ids: the driver's times have no more. */
export function erasuresAfter(
  tx: Tx,
  issuedAt: Date,
  batchId: string,
  limit: number,
): Promise<IssuedErasure[]> {
  return tx.query<IssuedErasure>(
    `select batch_id as "batchId", date_trunc('milliseconds', issued_at) as "issuedAt", issued from issued_batch
     where tenant_id = $1 and action = 'ERASE'
       and (date_trunc('milliseconds', issued_at), batch_id) > ($2::timestamptz, $3::uuid)
     order by 2, 1 limit $4`,
    [tx.tenantId, issuedAt, batchId, limit],
  );
}

/** The ledger's copy off site: the folder of its chunks, for ever. */
export const OFFSITE_LOG = 'erasures';

/** A batch of the ledger as it lies off site. */
export interface LedgerEntry {
  batchId: string;
  issuedAt: string;
  services: readonly string[];
  /** The signed orders, in base64. */
  issued: string;
}

export function addToOffsite(tx: Tx, entry: LedgerEntry): Promise<void> {
  return addOffsite(tx, OFFSITE_LOG, [Buffer.from(JSON.stringify(entry))]);
}

/** All batches of the tenant that are there. */
export async function addAllOffsite(tx: Tx): Promise<void> {
  await tx.execute(
    `insert into heed.offsite_due (log, tenant_id, payload)
     select '${OFFSITE_LOG}', tenant_id, convert_to(json_build_object(
       'batchId', batch_id, 'issuedAt', issued_at, 'services', services,
       'issued', translate(encode(issued, 'base64'), e'\\n', ''))::text, 'UTF8')
     from issued_batch where tenant_id = $1 and action = 'ERASE'`,
    [tx.tenantId],
  );
}

/** Batches of a life that was lost. Nobody waits for answers to them, unless their requests are found to be open. */
export async function takeBack(tx: Tx, entries: readonly LedgerEntry[]): Promise<void> {
  await tx.execute(
    `insert into issued_batch (tenant_id, batch_id, action, issued, services, issued_at, answered_at)
     select $1, e."batchId", 'ERASE', decode(e.issued, 'base64'), e.services, e."issuedAt", e."issuedAt"
     from json_to_recordset($2::json)
       as e ("batchId" uuid, "issuedAt" timestamptz, services text[], issued text)
     on conflict on constraint issued_batch_pkey do nothing`,
    [tx.tenantId, JSON.stringify(entries)],
  );
}

/** An order as its batch bears it. */
export interface LostOrder {
  orderId: string;
  requestId: string;
  subjectId: string;
  orderNumber: number;
}

/**
 * Orders of open requests, as they went out in the life that was lost: services know them by these ids and numbers, and
 * answer them again. Returns whose they are.
 */
export async function relinkOrders(
  tx: Tx,
  batchId: string,
  orders: readonly LostOrder[],
  at: Date,
): Promise<string[]> {
  const rows = await tx.query<{ requestId: string }>(
    `insert into subject_order as o
       (tenant_id, order_id, request_id, subject_id, order_number, action, batch_id, created_at)
     select $1, t.order_id, t.request_id, t.subject_id, t.order_number, 'ERASE', $2, $3
     from unnest($4::uuid[], $5::uuid[], $6::uuid[], $7::bigint[]) t (order_id, request_id, subject_id, order_number)
     join request r on r.tenant_id = $1 and r.request_id = t.request_id and r.closed_at is null
     on conflict (tenant_id, order_id) do update
     set batch_id = excluded.batch_id, order_number = excluded.order_number where o.batch_id is null
     returning o.request_id as "requestId"`,
    [
      ...[tx.tenantId, batchId, at],
      orders.map(({ orderId }) => orderId),
      orders.map(({ requestId }) => requestId),
      orders.map(({ subjectId }) => subjectId),
      orders.map(({ orderNumber }) => orderNumber),
    ],
  );
  const requestIds = [...new Set(rows.map(({ requestId }) => requestId))];
  // Whatever it waited for when it was copied, it went out: somebody had approved it, and who and why is lost.
  await tx.execute(
    `update request set state = 'FANNED_OUT',
       approved_by = case state when 'REVIEW' then coalesce(approved_by, '${NIL_UUID}') else approved_by end,
       verification = case verification when 'none' then 'not_recorded' else verification end
     where tenant_id = $1 and request_id = any ($2::uuid[]) and state in ('REVIEW', 'HELD')`,
    [tx.tenantId, requestIds],
  );
  return requestIds;
}

export async function awaitAnswers(tx: Tx, batchId: string): Promise<void> {
  await tx.execute('update issued_batch set answered_at = null where tenant_id = $1 and batch_id = $2', [
    tx.tenantId,
    batchId,
  ]);
}
