import { type Tx } from '@heed/postgres';
import { type ActionName, type StoreAnswer } from './answer.js';
import { type Opening, type Receipt } from './receipt.js';
import { readStatement } from './statement.js';

interface ReceiptRow {
  receipt_id: string;
  action: ActionName;
  root: Buffer;
  tree_size: number;
  manifest_version: string;
  signed_at: Date;
  key_id: string;
  signature: Buffer;
}

/** heed.receipt and heed.receipt_opening: written once; only a signature by a stolen key is made anew. */
export class ReceiptsStore {
  constructor(private readonly service: string) {}

  async add(tx: Tx, receipt: Receipt, openings: readonly Opening[]): Promise<void> {
    await tx.execute(
      `insert into heed.receipt (tenant_id, batch_id, receipt_id, action, root, tree_size, manifest_version,
         signed_at, key_id, signature)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        tx.tenantId,
        receipt.batchId,
        receipt.receiptId,
        receipt.action,
        receipt.root,
        receipt.treeSize,
        receipt.manifestVersion,
        receipt.signedAt,
        receipt.keyId,
        receipt.signature,
      ],
    );
    // Paths are of different lengths, which no array of arrays can be: each is one bytea, cut into hashes again.
    await tx.execute(
      `insert into heed.receipt_opening (tenant_id, order_id, batch_id, leaf_index, salt, statement, path)
       select $1, o.order_id, $2, o.leaf_index, o.salt, o.statement,
         array(select substring(o.path from 32 * n + 1 for 32) from generate_series(0, length(o.path) / 32 - 1) n)
       from unnest($3::uuid[], $4::int[], $5::bytea[], $6::bytea[], $7::bytea[])
         o (order_id, leaf_index, salt, statement, path)`,
      [
        tx.tenantId,
        receipt.batchId,
        openings.map((opening) => opening.orderId),
        openings.map((opening) => opening.leafIndex),
        openings.map((opening) => opening.salt),
        openings.map((opening) => opening.statement),
        openings.map((opening) => Buffer.concat(opening.path)),
      ],
    );
  }

  async find(tx: Tx, batchId: string): Promise<Receipt | undefined> {
    const [row] = await tx.query<ReceiptRow>(
      `select receipt_id, action, root, tree_size, manifest_version, signed_at, key_id, signature
       from heed.receipt where tenant_id = $1 and batch_id = $2`,
      [tx.tenantId, batchId],
    );
    if (!row) return undefined;
    return {
      receiptId: row.receipt_id,
      batchId,
      service: this.service,
      action: row.action,
      root: row.root,
      treeSize: row.tree_size,
      manifestVersion: row.manifest_version,
      signedAt: row.signed_at,
      keyId: row.key_id,
      signature: row.signature,
    };
  }

  async replaceSignature(tx: Tx, { batchId, keyId, signature }: Receipt): Promise<void> {
    await tx.execute(
      'update heed.receipt set key_id = $3, signature = $4 where tenant_id = $1 and batch_id = $2',
      [tx.tenantId, batchId, keyId, signature],
    );
  }

  async openings(tx: Tx, batchId: string): Promise<Opening[]> {
    return tx.query<Opening>(
      `select order_id as "orderId", leaf_index as "leafIndex", salt, statement, path
       from heed.receipt_opening where tenant_id = $1 and batch_id = $2 order by leaf_index`,
      [tx.tenantId, batchId],
    );
  }

  /** What was signed when the people of these orders were erased for the same request, last, by the later order's id. */
  signedErasures(
    tx: Tx,
    orders: readonly { orderId: string; requestId: string; subjectId: string }[],
  ): Promise<Map<string, StoreAnswer[]>> {
    return this.signedBefore(tx, 'ERASE', orders);
  }

  /** The same of any earlier action. */
  async signedBefore(
    tx: Tx,
    action: ActionName,
    orders: readonly { orderId: string; requestId: string; subjectId: string }[],
  ): Promise<Map<string, StoreAnswer[]>> {
    const rows = await tx.query<{ orderId: string; statement: Buffer }>(
      `select o.order_id as "orderId", s.statement
       from unnest($2::uuid[], $3::uuid[], $4::uuid[]) o (order_id, request_id, subject_id)
       join heed.order_taken e on e.tenant_id = $1 and e.subject_id = o.subject_id and e.request_id = o.request_id
         and e.action = $5
       join heed.receipt_opening s on s.tenant_id = e.tenant_id and s.order_id = e.order_id
       order by e.order_number`,
      [
        tx.tenantId,
        orders.map(({ orderId }) => orderId),
        orders.map(({ requestId }) => requestId),
        orders.map(({ subjectId }) => subjectId),
        action,
      ],
    );
    return new Map(rows.map(({ orderId, statement }) => [orderId, readStatement(statement).entries]));
  }
}
