import { type Tx } from '@heed/postgres';

/** Who saw whom: ids, an RPC's name and a time. */
export interface AccessEntry {
  entryId: string;
  contactId: string;
  actorId: string;
  action: string;
  at: Date;
}

export async function recordAccess(tx: Tx, entry: AccessEntry): Promise<void> {
  await tx.execute(
    `insert into access_entry (tenant_id, entry_id, contact_id, actor_id, action, at) values ($1, $2, $3, $4, $5, $6)`,
    [tx.tenantId, entry.entryId, entry.contactId, entry.actorId, entry.action, entry.at],
  );
}

/** Entries of this tenant that privacy has not taken yet, oldest first. */
export async function waitingAccess(tx: Tx, limit: number): Promise<AccessEntry[]> {
  const rows = await tx.query<{
    entry_id: string;
    contact_id: string;
    actor_id: string;
    action: string;
    at: Date;
  }>(
    `select entry_id, contact_id, actor_id, action, at from access_entry
     where tenant_id = $1 order by entry_id limit $2`,
    [tx.tenantId, limit],
  );
  return rows.map((row) => ({
    entryId: row.entry_id,
    contactId: row.contact_id,
    actorId: row.actor_id,
    action: row.action,
    at: row.at,
  }));
}

export async function forgetAccess(tx: Tx, entryIds: readonly string[]): Promise<void> {
  await tx.execute('delete from access_entry where tenant_id = $1 and entry_id = any ($2::uuid[])', [
    tx.tenantId,
    entryIds,
  ]);
}
