import { Injectable } from '@nestjs/common';
import { type Tx } from '@heed/postgres';

export interface ProviderConnection {
  tenantId: string;
  providerConnectionId: string;
  name: string;
  /** Which of its secrets it has: the first is 1. */
  secretNumber: number;
  /** Until then the secret before is good too. */
  previousUntil: Date | null;
  createdAt: Date;
}

interface ConnectionRow {
  tenant_id: string;
  provider_connection_id: string;
  name: string;
  secret_number: number;
  previous_until: Date | null;
  created_at: Date;
}

const COLUMNS = 'tenant_id, provider_connection_id, name, secret_number, previous_until, created_at';

/** Rows of mail providers. */
@Injectable()
export class ProviderConnectionStore {
  /** Makers of one tenant's connections come one after the other: two at once must not exceed what one may. */
  async lock(tx: Tx): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('heed.provider-connections ' || $1, 0))`, [
      tx.tenantId,
    ]);
  }

  async insert(tx: Tx, { providerConnectionId, name, createdAt }: ProviderConnection): Promise<void> {
    await tx.execute(
      `insert into provider_connection (tenant_id, provider_connection_id, name, created_at)
       values ($1, $2, $3, $4)`,
      [tx.tenantId, providerConnectionId, name, createdAt],
    );
  }

  async all(tx: Tx): Promise<ProviderConnection[]> {
    const rows = await tx.query<ConnectionRow>(
      `select ${COLUMNS} from provider_connection where tenant_id = $1 order by provider_connection_id`,
      [tx.tenantId],
    );
    return rows.map(connectionOf);
  }

  async find(tx: Tx, id: string): Promise<ProviderConnection | undefined> {
    const [row] = await tx.query<ConnectionRow>(
      `select ${COLUMNS} from provider_connection where tenant_id = $1 and provider_connection_id = $2`,
      [tx.tenantId, id],
    );
    return row && connectionOf(row);
  }

  async rotate(tx: Tx, id: string, previousUntil: Date): Promise<ProviderConnection | undefined> {
    const [row] = await tx.query<ConnectionRow>(
      `update provider_connection set secret_number = secret_number + 1, previous_until = $3
       where tenant_id = $1 and provider_connection_id = $2 returning ${COLUMNS}`,
      [tx.tenantId, id, previousUntil],
    );
    return row && connectionOf(row);
  }

  async remove(tx: Tx, id: string): Promise<boolean> {
    const removed = await tx.execute(
      'delete from provider_connection where tenant_id = $1 and provider_connection_id = $2',
      [tx.tenantId, id],
    );
    return removed === 1;
  }
}

function connectionOf(row: ConnectionRow): ProviderConnection {
  return {
    ...{ tenantId: row.tenant_id, providerConnectionId: row.provider_connection_id, name: row.name },
    ...{ secretNumber: row.secret_number, previousUntil: row.previous_until, createdAt: row.created_at },
  };
}
