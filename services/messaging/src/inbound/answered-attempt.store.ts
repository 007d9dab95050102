import { Injectable } from '@nestjs/common';
import { type Tx } from '@heed/postgres';

/** The message that a mail answers, as far as it is still known whose it was. */
export interface AnsweredAttempt {
  contactId: string;
  purpose: string;
  endpointId: string | undefined;
  endpointHash: Buffer | undefined;
}

@Injectable()
export class AnsweredAttemptStore {
  /** Undefined once the person was erased: the attempt bears no id any more. */
  async find(tx: Tx, attemptId: string): Promise<AnsweredAttempt | undefined> {
    const [row] = await tx.query<{
      contact_id: string;
      purpose: string;
      endpoint_id: string | null;
      endpoint_hash: Buffer | null;
    }>(
      `select contact_id, purpose, endpoint_id, endpoint_hash from attempt
       where tenant_id = $1 and attempt_id = $2 and contact_id is not null`,
      [tx.tenantId, attemptId],
    );
    return (
      row && {
        ...{ contactId: row.contact_id, purpose: row.purpose },
        ...{ endpointId: row.endpoint_id ?? undefined, endpointHash: row.endpoint_hash ?? undefined },
      }
    );
  }
}
