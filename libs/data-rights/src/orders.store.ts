import { datarightsV1 } from '@heed/contracts';
import { type Tx } from '@heed/postgres';
import { type StoreAnswer } from './answer.js';
import { readOrders, type OrderBatch } from './order-batch.js';

export interface TakenBatch extends OrderBatch {
  /** Rows are erased and the fence stands. */
  fencedAt: Date | null;
  /** Every transaction that could still write past the fence is older than this. */
  fenceXid: string | null;
  cachesClearAt: Date | null;
}

interface BatchRow {
  issued: Buffer;
  fenced_at: Date | null;
  fence_xid: string | null;
  caches_clear_at: Date | null;
}

/** Steps of an erasure that answer, by name in the order in which they come. */
export type AnswerStep = 'rows' | 'slow';

/** heed.order_batch, heed.order_taken and heed.order_answers. */
export class OrdersStore {
  /** The bytes under this id, if a batch was taken under it. */
  async issuedBytes(tx: Tx, batchId: string): Promise<Buffer | undefined> {
    const [row] = await tx.query<{ issued: Buffer }>(
      'select issued from heed.order_batch where tenant_id = $1 and batch_id = $2',
      [tx.tenantId, batchId],
    );
    return row?.issued;
  }

  /** The highest number taken so far about each of these subjects. */
  async lastNumbers(tx: Tx, subjectIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await tx.query<{ subjectId: string; last: string }>(
      `select subject_id as "subjectId", max(order_number) as last from heed.order_taken
       where tenant_id = $1 and subject_id = any ($2::uuid[]) group by subject_id`,
      [tx.tenantId, subjectIds],
    );
    return new Map(rows.map((row) => [row.subjectId, Number(row.last)]));
  }

  async take(tx: Tx, batch: OrderBatch, issued: Buffer, at: Date): Promise<void> {
    await tx.execute(
      'insert into heed.order_batch (tenant_id, batch_id, action, issued, taken_at) values ($1, $2, $3, $4, $5)',
      [tx.tenantId, batch.batchId, batch.action, issued, at],
    );
    await tx.execute(
      `insert into heed.order_taken (tenant_id, order_id, batch_id, request_id, subject_id, order_number, action)
       select $1, o.order_id, $2, o.request_id, o.subject_id, o.order_number, $3
       from unnest($4::uuid[], $5::uuid[], $6::uuid[], $7::bigint[]) o (order_id, request_id, subject_id, order_number)`,
      [
        tx.tenantId,
        batch.batchId,
        batch.action,
        batch.orders.map((order) => order.orderId),
        batch.orders.map((order) => order.requestId),
        batch.orders.map((order) => order.subjectId),
        batch.orders.map((order) => order.orderNumber),
      ],
    );
  }

  /** The batch, from the bytes that privacy signed. Locked: one process at a time works on it. */
  async lockBatch(tx: Tx, batchId: string): Promise<TakenBatch | undefined> {
    const [row] = await tx.query<BatchRow>(
      `select issued, fenced_at, fence_xid::text, caches_clear_at from heed.order_batch
       where tenant_id = $1 and batch_id = $2 for update`,
      [tx.tenantId, batchId],
    );
    if (!row) return undefined;
    const batch = readOrders(datarightsV1.OrdersIssued.decode(row.issued));
    return {
      ...batch,
      fencedAt: row.fenced_at,
      fenceXid: row.fence_xid,
      cachesClearAt: row.caches_clear_at,
    };
  }

  /** Erasures that are still to begin: whoever they are about is here. */
  async countUnfenced(tx: Tx, queue: string): Promise<number> {
    const [row] = await tx.query<{ unfenced: number }>(
      `select count(*)::int as unfenced from heed.due_work w
       join heed.order_batch b on b.tenant_id = w.tenant_id and b.batch_id = w.ref
       where w.queue = $2 and w.tenant_id = $1 and b.action = 'ERASE' and b.fenced_at is null`,
      [tx.tenantId, queue],
    );
    return row?.unfenced ?? 0;
  }

  async markFenced(tx: Tx, batchId: string, at: Date): Promise<void> {
    await tx.execute('update heed.order_batch set fenced_at = $3 where tenant_id = $1 and batch_id = $2', [
      tx.tenantId,
      batchId,
      at,
    ]);
  }

  /** In a transaction after the one that raised the fence: every writer that began before it is below this. */
  async markFenceCommitted(tx: Tx, batchId: string): Promise<void> {
    await tx.execute(
      `update heed.order_batch set fence_xid = pg_snapshot_xmax(pg_current_snapshot())
       where tenant_id = $1 and batch_id = $2 and fence_xid is null`,
      [tx.tenantId, batchId],
    );
  }

  async markCachesClearAt(tx: Tx, batchId: string, at: Date): Promise<void> {
    await tx.execute(
      `update heed.order_batch set caches_clear_at = greatest(caches_clear_at, $3)
       where tenant_id = $1 and batch_id = $2`,
      [tx.tenantId, batchId, at],
    );
  }

  /** The highest fence_xid over earlier erasures of these subjects; null where one of them is not known. */
  async fenceOver(tx: Tx, subjectIds: readonly string[]): Promise<string | null> {
    const [row] = await tx.query<{ xid: string | null }>(
      `select case when bool_and(b.fence_xid is not null) then max(b.fence_xid)::text end as xid
       from heed.order_taken o join heed.order_batch b using (tenant_id, batch_id)
       where o.tenant_id = $1 and o.subject_id = any ($2::uuid[]) and o.action = 'ERASE'`,
      [tx.tenantId, subjectIds],
    );
    return row?.xid ?? null;
  }

  /** An answer stays as it was first given: work that is repeated finds less than there was. */
  async addAnswers(
    tx: Tx,
    step: AnswerStep,
    answers: ReadonlyMap<string, readonly StoreAnswer[]>,
  ): Promise<void> {
    if (answers.size === 0) return;
    await tx.execute(
      `insert into heed.order_answers (tenant_id, order_id, step, answers)
       select $1, a.order_id, $2, a.answers from unnest($3::uuid[], $4::bytea[]) a (order_id, answers)
       on conflict (tenant_id, order_id, step) do nothing`,
      [
        tx.tenantId,
        step,
        [...answers.keys()],
        [...answers.values()].map((given) => Buffer.from(JSON.stringify(given))),
      ],
    );
  }

  async answersOf(tx: Tx, orderIds: readonly string[]): Promise<Map<string, StoreAnswer[]>> {
    const rows = await tx.query<{ orderId: string; answers: Buffer }>(
      `select order_id as "orderId", answers from heed.order_answers
       where tenant_id = $1 and order_id = any ($2::uuid[]) order by step`,
      [tx.tenantId, orderIds],
    );
    const byStore = new Map<string, Map<string, StoreAnswer>>(orderIds.map((id) => [id, new Map()]));
    for (const { orderId, answers } of rows) {
      const known = byStore.get(orderId);
      for (const given of JSON.parse(answers.toString('utf8')) as StoreAnswer[]) {
        if (!known?.has(given.store)) known?.set(given.store, given);
      }
    }
    return new Map([...byStore].map(([orderId, known]) => [orderId, [...known.values()]]));
  }

  async forgetAnswers(tx: Tx, orderIds: readonly string[]): Promise<void> {
    await tx.execute('delete from heed.order_answers where tenant_id = $1 and order_id = any ($2::uuid[])', [
      tx.tenantId,
      orderIds,
    ]);
  }
}
