import { Injectable } from '@nestjs/common';
import { type Tx } from '@heed/postgres';

export interface SealedValues {
  attemptId: string;
  contactId: string;
  sealed: Buffer;
}

/** Where sealed values stand: part of what the seal binds. */
export const placeOfValues = (attemptId: string) => ({
  ...{ table: 'message_values', row: attemptId, column: 'sealed_values' },
});

@Injectable()
export class MessageValuesStore {
  async keep(tx: Tx, values: readonly SealedValues[], at: Date): Promise<void> {
    if (values.length === 0) return;
    await tx.execute(
      `insert into message_values (tenant_id, attempt_id, contact_id, sealed_values, written_at)
       select $1, v.*, $5 from unnest($2::uuid[], $3::uuid[], $4::bytea[]) v`,
      [
        tx.tenantId,
        values.map(({ attemptId }) => attemptId),
        values.map(({ contactId }) => contactId),
        values.map(({ sealed }) => sealed),
        at,
      ],
    );
  }

  async of(tx: Tx, attemptIds: readonly string[]): Promise<SealedValues[]> {
    const rows = await tx.query<{ attempt_id: string; contact_id: string; sealed_values: Buffer }>(
      `select attempt_id, contact_id, sealed_values from message_values
       where tenant_id = $1 and attempt_id = any ($2::uuid[])`,
      [tx.tenantId, attemptIds],
    );
    return rows.map((row) => ({
      ...{ attemptId: row.attempt_id, contactId: row.contact_id, sealed: row.sealed_values },
    }));
  }

  /** Their attempts have ended. */
  async discard(tx: Tx, attemptIds: readonly string[]): Promise<void> {
    if (attemptIds.length === 0) return;
    await tx.execute('delete from message_values where tenant_id = $1 and attempt_id = any ($2::uuid[])', [
      tx.tenantId,
      attemptIds,
    ]);
  }
}
