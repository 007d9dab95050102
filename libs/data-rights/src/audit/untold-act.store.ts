import { declareInfrastructure } from '@heed/data-map';
import { type Tx } from '@heed/postgres';

/** Who did what to what, and when. */
export interface Act {
  entryId: string;
  actorId: string;
  action: string;
  aboutId: string;
  at: Date;
}

export const untoldActTable = declareInfrastructure({
  table: 'heed.untold_act',
  description: 'What members did, until privacy’s audit log has it: ids, an RPC’s name, a time',
  columns: {
    tenant_id: 'id',
    entry_id: 'id',
    actor_id: 'id',
    action: 'name',
    about_id: 'id',
    at: 'time',
  },
  tenants: 'wall',
});

export async function keepAct(tx: Tx, { entryId, actorId, action, aboutId, at }: Act): Promise<void> {
  await tx.execute(
    `insert into heed.untold_act (tenant_id, entry_id, actor_id, action, about_id, at)
     values ($1, $2, $3, $4, $5, $6)`,
    [tx.tenantId, entryId, actorId, action, aboutId, at],
  );
}

/** Of this tenant, oldest first. */
export function untoldActs(tx: Tx, limit: number): Promise<Act[]> {
  return tx.query<Act>(
    `select entry_id as "entryId", actor_id as "actorId", action, about_id as "aboutId", at
     from heed.untold_act where tenant_id = $1 order by entry_id limit $2`,
    [tx.tenantId, limit],
  );
}

export async function forgetActs(tx: Tx, entryIds: readonly string[]): Promise<void> {
  await tx.execute('delete from heed.untold_act where tenant_id = $1 and entry_id = any ($2::uuid[])', [
    tx.tenantId,
    entryIds,
  ]);
}
