import { Injectable } from '@nestjs/common';
import { type Tx } from '@heed/postgres';

export interface DoubtfulReply {
  mailId: string;
  contactId: string;
  attemptId: string | undefined;
  code: string;
  raw: Buffer | undefined;
  receivedAt: Date;
  expiresAt: Date;
  decision: 'opt_out' | 'not_an_opt_out' | undefined;
  decidedAt: Date | undefined;
  decidedBy: string | undefined;
}

interface ReplyRecord {
  mail_id: string;
  contact_id: string;
  attempt_id: string | null;
  code: string;
  raw: Buffer | null;
  received_at: Date;
  expires_at: Date;
  decision: 'opt_out' | 'not_an_opt_out' | null;
  decided_at: Date | null;
  decided_by: string | null;
}

const COLUMNS = `mail_id, contact_id, attempt_id, code, raw, received_at, expires_at, decision, decided_at, decided_by`;

/** Answers that are, or were, in doubt. */
@Injectable()
export class ReplyStore {
  async undecided(
    tx: Tx,
    contactId: string,
    after: string | undefined,
    limit: number,
  ): Promise<DoubtfulReply[]> {
    const rows = await tx.query<ReplyRecord>(
      `select ${COLUMNS} from inbound_mail
       where tenant_id = $1 and kind = 'doubt' and decision is null and ($2::uuid is null or contact_id = $2)
         and ($3::uuid is null or mail_id > $3)
       order by mail_id limit $4`,
      [tx.tenantId, contactId === '' ? null : contactId, after ?? null, limit],
    );
    return rows.map(replyOf);
  }

  async find(tx: Tx, mailId: string): Promise<DoubtfulReply | undefined> {
    const [row] = await tx.query<ReplyRecord>(
      `select ${COLUMNS} from inbound_mail where tenant_id = $1 and mail_id = $2 and kind = 'doubt'`,
      [tx.tenantId, mailId],
    );
    return row && replyOf(row);
  }
}

function replyOf(row: ReplyRecord): DoubtfulReply {
  return {
    ...{ mailId: row.mail_id, contactId: row.contact_id, attemptId: row.attempt_id ?? undefined },
    ...{ code: row.code, raw: row.raw ?? undefined, receivedAt: row.received_at, expiresAt: row.expires_at },
    ...{ decision: row.decision ?? undefined, decidedAt: row.decided_at ?? undefined },
    decidedBy: row.decided_by ?? undefined,
  };
}
