import {
  type ActionName,
  type Opening,
  type Receipt,
  receiptFromWire,
  receiptToWire,
} from '@heed/data-rights';
import { datarightsV1 } from '@heed/contracts';
import { type Tx } from '@heed/postgres';
import { COUNTS } from '../orders/order.store.js';
import { processorLeaves } from '../processors/processor-order.store.js';

export interface KeptReceipt {
  receipt: Receipt;
  verifiedAt: Date | null;
  leaf: number | null;
}

interface Row {
  receipt: Buffer;
  verifiedAt: Date | null;
  leaf: number | null;
}

const COLUMNS = 'receipt, verified_at as "verifiedAt", leaf::int as leaf';

/** The services that a batch was issued to; undefined where none was issued under this id. */
export async function servicesAsked(tx: Tx, batchId: string): Promise<string[] | undefined> {
  const [row] = await tx.query<{ services: string[] }>(
    'select services from issued_batch where tenant_id = $1 and batch_id = $2',
    [tx.tenantId, batchId],
  );
  return row?.services;
}

/** One receipt a service and batch; another one takes its place only while it has not been verified. */
export async function keepReceipt(tx: Tx, receipt: Receipt, at: Date): Promise<boolean> {
  const kept = await tx.execute(
    `insert into batch_receipt as r (tenant_id, batch_id, service, receipt_id, receipt, received_at)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (tenant_id, batch_id, service) do update
       set receipt_id = excluded.receipt_id, receipt = excluded.receipt where r.verified_at is null`,
    [
      tx.tenantId,
      receipt.batchId,
      receipt.service,
      receipt.receiptId,
      Buffer.from(datarightsV1.Receipt.encode(receiptToWire(receipt)).finish()),
      at,
    ],
  );
  return kept > 0;
}

export async function receiptById(tx: Tx, receiptId: string): Promise<KeptReceipt | undefined> {
  const [row] = await tx.query<Row>(
    `select ${COLUMNS} from batch_receipt where tenant_id = $1 and receipt_id = $2`,
    [tx.tenantId, receiptId],
  );
  return row && keptReceipt(row);
}

/** What a service has answered to a batch, if it has. */
export async function receiptOf(tx: Tx, batchId: string, service: string): Promise<KeptReceipt | undefined> {
  const [row] = await tx.query<Row>(
    `select ${COLUMNS} from batch_receipt where tenant_id = $1 and batch_id = $2 and service = $3`,
    [tx.tenantId, batchId, service],
  );
  return row && keptReceipt(row);
}

/** What a service has stated about the erasure, or correction, of each of these requests, last. */
export async function doneBefore(
  tx: Tx,
  service: string,
  requestIds: readonly string[],
): Promise<Map<string, Buffer>> {
  const rows = await tx.query<{ requestId: string; statement: Buffer }>(
    `select o.request_id as "requestId", g.statement
     from subject_order o join opening g using (tenant_id, order_id)
     where o.tenant_id = $1 and o.request_id = any ($3::uuid[]) and o.action <> 'PROBE' and g.service = $2
     order by o.order_number`,
    [tx.tenantId, service, requestIds],
  );
  return new Map(rows.map(({ requestId, statement }) => [requestId, statement]));
}

export async function receiptsOfBatches(tx: Tx, batchIds: readonly string[]): Promise<KeptReceipt[]> {
  const rows = await tx.query<Row>(
    `select ${COLUMNS} from batch_receipt
     where tenant_id = $1 and batch_id = any ($2::uuid[]) and verified_at is not null`,
    [tx.tenantId, batchIds],
  );
  return rows.map(keptReceipt);
}

/** Where the receipts stand in the log that these requests rest on, and what processors were told. */
export async function leavesOfRequests(tx: Tx, requestIds: readonly string[]): Promise<number[]> {
  if (requestIds.length === 0) return [];
  const rows = await tx.query<{ leaf: string }>(
    `select distinct r.leaf from subject_order o
     join batch_receipt r on r.tenant_id = o.tenant_id and r.batch_id = o.batch_id
     where o.tenant_id = $1 and o.request_id = any ($2::uuid[]) and r.leaf is not null`,
    [tx.tenantId, requestIds],
  );
  return [...rows.map(({ leaf }) => Number(leaf)), ...(await processorLeaves(tx, requestIds))];
}

export async function markVerified(tx: Tx, receiptId: string, leaf: number, at: Date): Promise<void> {
  await tx.execute(
    'update batch_receipt set verified_at = $4, leaf = $3 where tenant_id = $1 and receipt_id = $2',
    [tx.tenantId, receiptId, leaf, at],
  );
}

export async function addOpenings(tx: Tx, service: string, openings: readonly Opening[]): Promise<void> {
  await tx.execute(
    `insert into opening (tenant_id, order_id, service, leaf_index, salt, statement, path)
     select $1, o.order_id, $2, o.leaf_index, o.salt, o.statement,
       array(select substring(o.path from 32 * n + 1 for 32) from generate_series(0, length(o.path) / 32 - 1) n)
     from unnest($3::uuid[], $4::int[], $5::bytea[], $6::bytea[], $7::bytea[])
       o (order_id, leaf_index, salt, statement, path)`,
    [
      tx.tenantId,
      service,
      openings.map((opening) => opening.orderId),
      openings.map((opening) => opening.leafIndex),
      openings.map((opening) => opening.salt),
      openings.map((opening) => opening.statement),
      openings.map((opening) => Buffer.concat(opening.path)),
    ],
  );
}

export async function openingsOf(
  tx: Tx,
  orderIds: readonly string[],
): Promise<(Opening & { service: string })[]> {
  return tx.query<Opening & { service: string }>(
    `select order_id as "orderId", service, leaf_index as "leafIndex", salt, statement, path from opening
     where tenant_id = $1 and order_id = any ($2::uuid[])`,
    [tx.tenantId, orderIds],
  );
}

/** One service's statement about a request. */
export interface Said {
  service: string;
  action: ActionName;
  statement: Buffer;
  /** When its receipt was found to be true. */
  verifiedAt: Date;
}

/** That all services were asked, and how often those that are silent were since. */
export interface Asked {
  action: ActionName;
  at: Date;
  times: number;
}

/** By number of the order; what is not sealed yet was asked of nobody. */
export async function askedAbout(tx: Tx, requestId: string): Promise<Asked[]> {
  return tx.query<Asked & object>(
    `select o.action, b.issued_at as at, b.asked as times from subject_order o
     join issued_batch b on b.tenant_id = $1 and b.batch_id = o.batch_id
     where o.tenant_id = $1 and o.request_id = $2 and ${COUNTS} order by o.order_number`,
    [tx.tenantId, requestId],
  );
}

/** By service; of each action the latest order that counts. */
export async function statementsOf(tx: Tx, requestId: string): Promise<Said[]> {
  return tx.query<Said>(
    `select g.service, o.action, g.statement, r.verified_at as "verifiedAt"
     from (select distinct on (action) order_id, action, batch_id from subject_order o
           where tenant_id = $1 and request_id = $2 and ${COUNTS} order by action, order_number desc) o
     join opening g on g.tenant_id = $1 and g.order_id = o.order_id
     join batch_receipt r on r.tenant_id = $1 and r.batch_id = o.batch_id and r.service = g.service
     order by g.service`,
    [tx.tenantId, requestId],
  );
}

function keptReceipt({ receipt, verifiedAt, leaf }: Row): KeptReceipt {
  return { receipt: receiptFromWire(datarightsV1.Receipt.decode(receipt)), verifiedAt, leaf };
}
