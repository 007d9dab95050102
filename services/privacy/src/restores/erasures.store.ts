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
