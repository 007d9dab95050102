import { Injectable } from '@nestjs/common';
import { type Statements } from '@heed/postgres';

/** Tenants that ever sent: where senders and sweepers look, since no tenant's row shows itself to another. */
@Injectable()
export class SendingTenantStore {
  async remember(tx: Statements, tenantId: string, at: Date): Promise<void> {
    await tx.execute(
      'insert into sending_tenant (tenant_id, first_at) values ($1, $2) on conflict (tenant_id) do nothing',
      [tenantId, at],
    );
  }

  async has(tx: Statements, tenantId: string): Promise<boolean> {
    const rows = await tx.query('select 1 from sending_tenant where tenant_id = $1', [tenantId]);
    return rows.length > 0;
  }

  async all(tx: Statements): Promise<string[]> {
    const rows = await tx.query<{ tenant_id: string }>(
      'select tenant_id from sending_tenant order by tenant_id',
    );
    return rows.map((row) => row.tenant_id);
  }

  /** By the first bytes of a hash of its id. */
  async byHandle(tx: Statements, handle: Buffer): Promise<string | undefined> {
    const [row] = await tx.query<{ tenant_id: string }>(
      'select tenant_id from sending_tenant where substring(sha256(uuid_send(tenant_id)) for 8) = $1',
      [handle],
    );
    return row?.tenant_id;
  }
}
