import { type AcrossTx, type Statements } from '@heed/postgres';
import { NIL_UUID } from '@heed/kernel';
import { type Processor } from './processor.js';
import { IS_ASKED } from './processor-order.store.js';

const COLUMNS = 'store, name, how, url, domain, certificate, regulation, contact';

export interface SetProcessor extends Processor {
  /** The nil id: all tenants but those that have another. */
  tenantId: string;
}

/** Who stands behind these stores for this tenant, by store. */
export async function processorsOf(
  tx: Statements,
  tenantId: string,
  stores: readonly string[],
): Promise<Map<string, Processor>> {
  const rows = await tx.query<Processor & object>(
    `select distinct on (store) ${COLUMNS} from processor
     where store = any ($1) and tenant_id in ($2, $3) order by store, tenant_id = $3`,
    [stores, tenantId, NIL_UUID],
  );
  return new Map(rows.map((processor) => [processor.store, processor]));
}

export async function setProcessor(tx: AcrossTx, processor: SetProcessor, at: Date): Promise<void> {
  const { tenantId, store, name, how, url, domain, certificate, regulation, contact } = processor;
  await tx.execute(
    `insert into processor (tenant_id, ${COLUMNS}, set_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (tenant_id, store) do update set name = $3, how = $4, url = $5, domain = $6, certificate = $7,
       regulation = $8, contact = $9, set_at = $10`,
    [tenantId, store, name, how, url, domain, certificate, regulation, contact, at],
  );
}

export async function listProcessors(
  tx: AcrossTx,
  after: string | undefined,
  limit: number,
): Promise<SetProcessor[]> {
  return tx.query<SetProcessor>(
    `select tenant_id as "tenantId", ${COLUMNS} from processor
     where $1::text is null or store || ' ' || tenant_id > $1 order by store || ' ' || tenant_id limit $2`,
    [after ?? null, limit],
  );
}

/**
 * Tenants with an order for this store that is to be passed on or asked for, by what is put down for all: those that have
 * their own are not meant. As probe: it is read across tenants.
 */
export async function tenantsWaitingFor(tx: AcrossTx, store: string): Promise<string[]> {
  const rows = await tx.query<{ tenantId: string }>(
    `select distinct tenant_id as "tenantId" from processor_order o where store = $1 and ${IS_ASKED}
       and not exists (select 1 from processor p where p.store = o.store and p.tenant_id = o.tenant_id)`,
    [store],
  );
  return rows.map(({ tenantId }) => tenantId);
}
