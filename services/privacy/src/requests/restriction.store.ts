import { type Tx } from '@heed/postgres';

/** The rows of restriction. A later request about somebody who is restricted changes nothing: it may be taken back. */
export async function addRestriction(
  tx: Tx,
  subjectId: string,
  requestId: string,
  since: Date,
): Promise<void> {
  await tx.execute(
    `insert into restriction (tenant_id, subject_id, request_id, since) values ($1, $2, $3, $4)
     on conflict (tenant_id, subject_id) do nothing`,
    [tx.tenantId, subjectId, requestId, since],
  );
}

export async function isRestricted(tx: Tx, subjectId: string): Promise<boolean> {
  const rows = await tx.query('select 1 from restriction where tenant_id = $1 and subject_id = $2', [
    tx.tenantId,
    subjectId,
  ]);
  return rows.length > 0;
}

/** Those that these requests, which end now, have lifted or left nothing of. */
export async function endRestrictions(tx: Tx, requestIds: readonly string[]): Promise<void> {
  await tx.execute(
    `delete from restriction using request q
     where restriction.tenant_id = $1 and q.tenant_id = $1 and q.request_id = any ($2::uuid[])
       and q.asked_right in ('LIFT', 'ERASURE') and restriction.subject_id = q.subject_id`,
    [tx.tenantId, requestIds],
  );
}
