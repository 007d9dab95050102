import { type ActionName } from '@heed/data-rights';
import { type Tx } from '@heed/postgres';
import { addToOffsite } from '../restores/erasures.store.js';

export interface UnsealedOrder {
  orderId: string;
  requestId: string;
  subjectId: string;
  orderNumber: number;
  kind: 'contact' | 'member';
  handle: string | null;
  objects: boolean;
  /** Its request is one for correction. */
  corrects: boolean;
  /** The manifests that its request is pinned to, as canonical text: orders of one batch agree in it. */
  pins: Record<string, string>;
}

export interface SealedOrder {
  orderId: string;
  requestId: string;
  subjectId: string;
  orderNumber: number;
  action: ActionName;
}

/**
 * Of orders `o` those that count: where a service was deployed with more stores between erasure and search, the erasure is
 * ordered anew, and what was answered or searched before says too little (ATTACKS 6.5).
 */
export const COUNTS = `o.order_number >= (
  select max(f.order_number) from subject_order f
  where f.tenant_id = o.tenant_id and f.request_id = o.request_id and f.action <> 'PROBE')`;

/**
 * Adds orders, each with the next number about its person, given under the row's lock. One order a person: two of one
 * statement would be given the same number.
 */
export async function addOrders(
  tx: Tx,
  action: ActionName,
  orders: readonly { orderId: string; requestId: string; subjectId: string }[],
  at: Date,
): Promise<void> {
  await tx.execute(
    `with wanted as (
       select * from unnest($2::uuid[], $3::uuid[], $4::uuid[]) o (order_id, request_id, subject_id)
     ), numbered as (
       insert into order_counter as c (tenant_id, subject_id, last_number)
       select $1, subject_id, 1 from wanted order by subject_id
       on conflict (tenant_id, subject_id) do update set last_number = c.last_number + 1
       returning subject_id, last_number
     )
     insert into subject_order (tenant_id, order_id, request_id, subject_id, order_number, action, created_at)
     select $1, w.order_id, w.request_id, w.subject_id, n.last_number, $5, $6
     from wanted w join numbered n using (subject_id)`,
    [
      tx.tenantId,
      orders.map(({ orderId }) => orderId),
      orders.map(({ requestId }) => requestId),
      orders.map(({ subjectId }) => subjectId),
      action,
      at,
    ],
  );
}

/**
 * Orders that may go out, oldest first: an order about a person waits until the one before it was answered, because
 * services refuse an older number after a newer one, and batches of two actions travel on different partitions. One that
 * has its time waits for that.
 */
export async function takeUnsealed(
  tx: Tx,
  action: ActionName,
  at: Date,
  limit: number,
): Promise<UnsealedOrder[]> {
  const rows = await tx.query<Omit<UnsealedOrder, 'orderNumber'> & { orderNumber: string }>(
    `select o.order_id as "orderId", o.request_id as "requestId", o.subject_id as "subjectId",
       o.order_number as "orderNumber", r.subject_kind as kind, r.handle, r.objects,
       r.asked_right = 'CORRECTION' as corrects,
       (select jsonb_object_agg(p.service, p.manifest_version) from request_pin p
        where p.tenant_id = o.tenant_id and p.request_id = o.request_id) as pins
     from subject_order o join request r using (tenant_id, request_id)
     where o.tenant_id = $1 and o.action = $2 and o.batch_id is null and o.created_at <= $4 and not exists (
       select 1 from subject_order earlier
       where earlier.tenant_id = o.tenant_id and earlier.subject_id = o.subject_id
         and earlier.order_number < o.order_number and earlier.answered_at is null)
     order by o.created_at, o.order_id limit $3
     for update of o`,
    [tx.tenantId, action, limit, at],
  );
  return rows.map((row) => ({ ...row, orderNumber: Number(row.orderNumber) }));
}

export async function countUnsealed(tx: Tx, action: ActionName): Promise<number> {
  const [row] = await tx.query<{ count: number }>(
    'select count(*)::int as count from subject_order where tenant_id = $1 and action = $2 and batch_id is null',
    [tx.tenantId, action],
  );
  return row?.count ?? 0;
}

/** Those of the requests for which this was not ordered yet. */
export async function withoutOrder<R extends { requestId: string }>(
  tx: Tx,
  action: ActionName,
  requests: readonly R[],
): Promise<R[]> {
  const rows = await tx.query<{ requestId: string }>(
    `select o.request_id as "requestId" from subject_order o
     where o.tenant_id = $1 and o.request_id = any ($2::uuid[]) and o.action = $3 and ${COUNTS}`,
    [tx.tenantId, requests.map(({ requestId }) => requestId), action],
  );
  const ordered = new Set(rows.map(({ requestId }) => requestId));
  return requests.filter(({ requestId }) => !ordered.has(requestId));
}

/** Those of the requests about which a search was ordered last, and not an erasure anew. */
export async function searchedLast<R extends { requestId: string }>(
  tx: Tx,
  requests: readonly R[],
): Promise<R[]> {
  const rows = await tx.query<{ requestId: string }>(
    `select o.request_id as "requestId" from subject_order o
     where o.tenant_id = $1 and o.request_id = any ($2::uuid[]) and o.action = 'PROBE' and ${COUNTS}`,
    [tx.tenantId, requests.map(({ requestId }) => requestId)],
  );
  const searched = new Set(rows.map(({ requestId }) => requestId));
  return requests.filter(({ requestId }) => searched.has(requestId));
}

/**
 * Puts open requests of a silent batch before a person once half of their time is over; returns how many now. Whoever is
 * silent until then is away for long: days are left to find out why.
 */
export async function markHalfTime(tx: Tx, batchId: string, at: Date): Promise<number> {
  return tx.execute(
    `update request r set attention_at = $3 from subject_order o
     where r.tenant_id = $1 and o.tenant_id = $1 and o.batch_id = $2 and r.request_id = o.request_id
       and r.closed_at is null and r.attention_at is null and $3 >= r.received_at + (r.due_at - r.received_at) / 2`,
    [tx.tenantId, batchId, at],
  );
}

/** The actions of which orders wait. */
export async function unsealedActions(tx: Tx): Promise<ActionName[]> {
  const rows = await tx.query<{ action: ActionName }>(
    'select distinct action from subject_order where tenant_id = $1 and batch_id is null',
    [tx.tenantId],
  );
  return rows.map(({ action }) => action);
}

/** Whether a batch of this action went out since `since` and is not answered by all. */
export async function isOut(tx: Tx, action: ActionName, since: Date): Promise<boolean> {
  const rows = await tx.query(
    `select 1 from issued_batch
     where tenant_id = $1 and action = $2 and answered_at is null and issued_at > $3 limit 1`,
    [tx.tenantId, action, since],
  );
  return rows.length > 0;
}

export async function addBatch(
  tx: Tx,
  batch: {
    batchId: string;
    action: ActionName;
    issued: Buffer;
    services: readonly string[];
    orderIds: string[];
  },
  at: Date,
): Promise<void> {
  await tx.execute(
    `insert into issued_batch (tenant_id, batch_id, action, issued, services, issued_at) values ($1, $2, $3, $4, $5, $6)`,
    [tx.tenantId, batch.batchId, batch.action, batch.issued, batch.services, at],
  );
  await tx.execute(
    'update subject_order set batch_id = $2 where tenant_id = $1 and order_id = any ($3::uuid[])',
    [tx.tenantId, batch.batchId, batch.orderIds],
  );
  if (batch.action !== 'ERASE') return;
  const { batchId, services, issued } = batch;
  const issuedAt = at.toISOString();
  await addToOffsite(tx, { batchId, issuedAt, services, issued: issued.toString('base64') });
}

export interface IssuedBatch {
  batchId: string;
  action: ActionName;
  issued: Buffer;
  services: string[];
  asked: number;
}

export async function batchById(tx: Tx, batchId: string): Promise<IssuedBatch | undefined> {
  const [row] = await tx.query<IssuedBatch>(
    `select batch_id as "batchId", action, issued, services, asked from issued_batch
     where tenant_id = $1 and batch_id = $2`,
    [tx.tenantId, batchId],
  );
  return row;
}

export async function ordersOfBatch(tx: Tx, batchId: string): Promise<SealedOrder[]> {
  const rows = await tx.query<Omit<SealedOrder, 'orderNumber'> & { orderNumber: string }>(
    `select order_id as "orderId", request_id as "requestId", subject_id as "subjectId",
       order_number as "orderNumber", action
     from subject_order where tenant_id = $1 and batch_id = $2 order by order_id`,
    [tx.tenantId, batchId],
  );
  return rows.map((row) => ({ ...row, orderNumber: Number(row.orderNumber) }));
}

export async function noteAsked(tx: Tx, batchId: string): Promise<void> {
  await tx.execute('update issued_batch set asked = asked + 1 where tenant_id = $1 and batch_id = $2', [
    tx.tenantId,
    batchId,
  ]);
}

/** Services of the batch whose receipts have not been verified yet. */
export async function silentServices(tx: Tx, batchId: string): Promise<string[]> {
  const rows = await tx.query<{ service: string }>(
    `select service from issued_batch b, unnest(b.services) service
     where b.tenant_id = $1 and b.batch_id = $2 and not exists (
       select 1 from batch_receipt r
       where r.tenant_id = b.tenant_id and r.batch_id = b.batch_id and r.service = service.service
         and r.verified_at is not null)`,
    [tx.tenantId, batchId],
  );
  return rows.map(({ service }) => service);
}

export async function markAnswered(tx: Tx, batchId: string, at: Date): Promise<void> {
  await tx.execute('update subject_order set answered_at = $3 where tenant_id = $1 and batch_id = $2', [
    tx.tenantId,
    batchId,
    at,
  ]);
  await tx.execute('update issued_batch set answered_at = $3 where tenant_id = $1 and batch_id = $2', [
    tx.tenantId,
    batchId,
    at,
  ]);
}

export interface OrderOfRequest {
  requestId: string;
  orderId: string;
  action: ActionName;
  batchId: string | null;
}

/** The orders of each request that count: the latest of each action. */
export async function ordersOfRequests(tx: Tx, requestIds: readonly string[]): Promise<OrderOfRequest[]> {
  return tx.query<OrderOfRequest>(
    `select distinct on (request_id, action) request_id as "requestId", order_id as "orderId", action,
       batch_id as "batchId"
     from subject_order o where tenant_id = $1 and request_id = any ($2::uuid[]) and ${COUNTS}
     order by request_id, action, order_number desc`,
    [tx.tenantId, requestIds],
  );
}
