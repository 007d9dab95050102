import { type Tx } from '@heed/postgres';

export interface SealedCorrections {
  requestId: string;
  subjectId: string;
  content: Buffer;
}

export async function addCorrections(
  tx: Tx,
  { requestId, subjectId, content }: SealedCorrections,
): Promise<void> {
  await tx.execute(
    'insert into request_correction (tenant_id, request_id, subject_id, content) values ($1, $2, $3, $4)',
    [tx.tenantId, requestId, subjectId, content],
  );
}

/** Those of the open request that has this handle. */
export async function correctionsByHandle(tx: Tx, handle: string): Promise<SealedCorrections | undefined> {
  const [row] = await tx.query<SealedCorrections & object>(
    `select c.request_id as "requestId", c.subject_id as "subjectId", c.content
     from request r join request_correction c using (tenant_id, request_id)
     where r.tenant_id = $1 and r.handle = $2 and r.closed_at is null and c.content is not null`,
    [tx.tenantId, handle],
  );
  return row;
}

/** Whether what it corrects is still there: it goes with its person. */
export async function hasCorrections(tx: Tx, requestId: string): Promise<boolean> {
  const rows = await tx.query(
    'select 1 from request_correction where tenant_id = $1 and request_id = $2 and content is not null',
    [tx.tenantId, requestId],
  );
  return rows.length > 0;
}

export async function destroyCorrections(tx: Tx, requestIds: readonly string[]): Promise<void> {
  await tx.execute('delete from request_correction where tenant_id = $1 and request_id = any ($2::uuid[])', [
    tx.tenantId,
    requestIds,
  ]);
}
