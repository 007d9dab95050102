import { type Tx } from '@heed/postgres';
import { type TakenBack } from './request.js';

/**
 * Takes an order back that is in no batch yet. False where one is out. Whoever is sealing it at this moment is waited
 * for, and they for us: an order that both of us want goes out, or is gone.
 */
export async function takeOrdersBack(tx: Tx, requestId: string): Promise<boolean> {
  const orders = await tx.query<{ batchId: string | null }>(
    `select batch_id as "batchId" from subject_order where tenant_id = $1 and request_id = $2
     order by order_id for update`,
    [tx.tenantId, requestId],
  );
  if (orders.some(({ batchId }) => batchId !== null)) return false;
  await tx.execute('delete from subject_order where tenant_id = $1 and request_id = $2', [
    tx.tenantId,
    requestId,
  ]);
  return true;
}

/** Takes back an erasure that was ordered anew and is in no batch yet; what is out by an earlier order is out. */
export async function takeAnewBack(tx: Tx, requestId: string): Promise<boolean> {
  const taken = await tx.execute(
    `delete from subject_order
     where tenant_id = $1 and request_id = $2 and action = 'ERASE' and batch_id is null`,
    [tx.tenantId, requestId],
  );
  return taken > 0;
}

/** It ends with nothing done. What is said of it is fixed with it; the log is told afterwards. */
export async function endRequest(
  tx: Tx,
  request: {
    requestId: string;
    state: TakenBack;
    ground: string | null;
    at: Date;
    statement: Buffer;
    salt: Buffer;
  },
): Promise<void> {
  await tx.execute(
    `update request set state = $3, refusal_ground = $4, closed_at = $5, closing_statement = $6, closing_salt = $7,
       attention_at = null
     where tenant_id = $1 and request_id = $2`,
    [
      ...[tx.tenantId, request.requestId, request.state, request.ground],
      ...[request.at, request.statement, request.salt],
    ],
  );
}

/** The ledger is append-only: whoever reads it again reads this behind the entry. */
export async function withdrawFromLedger(
  tx: Tx,
  subjectId: string,
  requestId: string,
  at: Date,
): Promise<void> {
  await tx.execute(
    `insert into erasure_ledger (tenant_id, subject_id, request_id, at, withdrawn) values ($1, $2, $3, $4, true)`,
    [tx.tenantId, subjectId, requestId, at],
  );
}

/** The restriction that this request began; one that an earlier request began stays. */
export async function dropRestriction(tx: Tx, requestId: string): Promise<void> {
  await tx.execute('delete from restriction where tenant_id = $1 and request_id = $2', [
    tx.tenantId,
    requestId,
  ]);
}

export async function setClosingLeaf(tx: Tx, requestId: string, leaf: number): Promise<void> {
  await tx.execute(
    'update request set closing_leaf = $3 where tenant_id = $1 and request_id = $2 and closing_leaf is null',
    [tx.tenantId, requestId, leaf],
  );
}
