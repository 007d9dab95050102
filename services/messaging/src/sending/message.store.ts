import { Injectable } from '@nestjs/common';
import { type Tx } from '@heed/postgres';

export interface SealedMessage {
  attemptId: string;
  contactId: string;
  content: Buffer;
}

@Injectable()
export class MessageStore {
  /** The second permit of an attempt brings a second text (the link differs): the last one is what may be sent. */
  async write(tx: Tx, messages: readonly SealedMessage[], at: Date): Promise<void> {
    await tx.execute(
      `insert into message (tenant_id, attempt_id, contact_id, content, written_at)
       select $1, attempt_id, contact_id, content, $5
       from unnest($2::uuid[], $3::uuid[], $4::bytea[]) as m (attempt_id, contact_id, content)
       on conflict on constraint message_pkey
       do update set content = excluded.content, written_at = excluded.written_at`,
      [
        tx.tenantId,
        messages.map(({ attemptId }) => attemptId),
        messages.map(({ contactId }) => contactId),
        messages.map(({ content }) => content),
        at,
      ],
    );
  }

  /** What was written for attempts that did not hand it over is no message to anybody. */
  async discard(tx: Tx, attemptIds: readonly string[]): Promise<void> {
    await tx.execute('delete from message where tenant_id = $1 and attempt_id = any ($2::uuid[])', [
      tx.tenantId,
      attemptIds,
    ]);
  }

  async find(tx: Tx, attemptId: string): Promise<SealedMessage | undefined> {
    const [row] = await tx.query<{ contact_id: string; content: Buffer }>(
      'select contact_id, content from message where tenant_id = $1 and attempt_id = $2',
      [tx.tenantId, attemptId],
    );
    return row && { attemptId, contactId: row.contact_id, content: row.content };
  }
}
