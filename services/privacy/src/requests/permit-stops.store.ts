import { type Tx } from '@heed/postgres';

/** Others of the tenant whose stops are to be lifted because they were refused or taken back, and that nobody has in hand. */
export async function takenBackDue(
  tx: Tx,
  queue: string,
  requestId: string,
  limit: number,
): Promise<string[]> {
  const rows = await tx.query<{ requestId: string }>(
    `select w.ref as "requestId" from heed.due_work w
     join request r on r.tenant_id = w.tenant_id and r.request_id = w.ref
     where w.queue = $2 and w.tenant_id = $1 and w.ref <> $3 and w.claim is null
       and r.state in ('REFUSED', 'CANCELLED')
     order by w.ref limit $4`,
    [tx.tenantId, queue, requestId, limit],
  );
  return rows.map(({ requestId: id }) => id);
}
