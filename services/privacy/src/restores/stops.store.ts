import { type Tx } from '@heed/postgres';

export interface OpenStop {
  contactId: string;
  requestId: string;
  restricts: boolean;
}

/** Contacts whom open requests silence, in order of the requests. */
export function openStopsAfter(tx: Tx, requestId: string, limit: number): Promise<OpenStop[]> {
  return tx.query<OpenStop & object>(
    `select subject_id as "contactId", request_id as "requestId", asked_right = 'RESTRICTION' as restricts
     from request
     where tenant_id = $1 and request_id > $2 and closed_at is null and subject_kind = 'contact'
       and asked_right in ('ERASURE', 'RESTRICTION')
     order by request_id limit $3`,
    [tx.tenantId, requestId, limit],
  );
}
