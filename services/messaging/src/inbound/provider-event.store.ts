import { Injectable } from '@nestjs/common';
import { type Tx } from '@heed/postgres';

/** Which webhooks were taken in. */
@Injectable()
export class ProviderEventStore {
  /** False: it was heard before. One that is being taken in by somebody else is waited for. */
  async hear(tx: Tx, providerConnectionId: string, eventHash: Buffer, at: Date): Promise<boolean> {
    const inserted = await tx.execute(
      `insert into provider_event (tenant_id, provider_connection_id, event_hash, heard_at)
       values ($1, $2, $3, $4) on conflict do nothing`,
      [tx.tenantId, providerConnectionId, eventHash, at],
    );
    return inserted === 1;
  }

  /** No provider repeats what it said so long ago. */
  async forget(tx: Tx, before: Date): Promise<void> {
    await tx.execute('delete from provider_event where tenant_id = $1 and heard_at < $2', [
      tx.tenantId,
      before,
    ]);
  }
}
