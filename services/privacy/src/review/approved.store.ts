import { type Tx } from '@heed/postgres';
import { type Request } from '../requests/request.js';

/** A member has approved it: from here on it is as one that nobody had to approve. */
export async function setApproved(
  tx: Tx,
  { requestId, state, verification, approvedBy }: Request,
): Promise<void> {
  await tx.execute(
    `update request set state = $3, verification = $4, approved_by = $5 where tenant_id = $1 and request_id = $2`,
    [tx.tenantId, requestId, state, verification, approvedBy],
  );
  // Whoever must answer is who declares something now.
  await tx.execute('delete from request_pin where tenant_id = $1 and request_id = $2', [
    tx.tenantId,
    requestId,
  ]);
}
