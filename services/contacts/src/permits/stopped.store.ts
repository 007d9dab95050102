import { type Tx } from '@heed/postgres';

/** Somebody whose permits a request stops. */
export interface Stop {
  contactId: string;
  requestId: string;
}

/** The rows of stopped. */
export async function stopContacts(
  tx: Tx,
  stops: readonly Stop[],
  { restricts }: { restricts: boolean },
  at: Date,
): Promise<void> {
  if (stops.length === 0) return;
  await tx.execute(
    `insert into stopped (tenant_id, contact_id, request_id, at, restricts)
     select $1, s.contact_id, s.request_id, $2, $3 from unnest($4::uuid[], $5::uuid[]) s (contact_id, request_id)
     on conflict on constraint stopped_pkey do nothing`,
    [
      ...[tx.tenantId, at, restricts],
      stops.map(({ contactId }) => contactId),
      stops.map(({ requestId }) => requestId),
    ],
  );
}

/**
 * Restrictions end that were asked for before the request that lifts them: ids of requests grow with time. What others
 * have stopped stays so, and what was asked for since, while the order to lift was on its way. As role eraser.
 */
export async function liftRestrictions(
  tx: Tx,
  contactIds: readonly string[],
  liftedBy: string,
): Promise<void> {
  await tx.execute(
    `delete from stopped
     where tenant_id = $1 and contact_id = any ($2::uuid[]) and restricts and request_id < $3::uuid`,
    [tx.tenantId, contactIds, liftedBy],
  );
}

/** These requests stop nobody any more; returns how many people they had stopped. As role eraser. */
export function liftStops(tx: Tx, requestIds: readonly string[]): Promise<number> {
  return tx.execute('delete from stopped where tenant_id = $1 and request_id = any ($2::uuid[])', [
    tx.tenantId,
    requestIds,
  ]);
}

/** Whether a request that does not only restrict has stopped one of these. */
export async function stoppedByRequest(tx: Tx, contactIds: readonly string[]): Promise<boolean> {
  const rows = await tx.query(
    'select 1 from stopped where tenant_id = $1 and contact_id = any ($2::uuid[]) and not restricts limit 1',
    [tx.tenantId, contactIds],
  );
  return rows.length > 0;
}

/** Of these hashes, those at which somebody is, contact or not yet, whom a request has stopped that does not only restrict. */
export async function stoppedAt(tx: Tx, hashes: readonly Buffer[]): Promise<Buffer[]> {
  if (hashes.length === 0) return [];
  const rows = await tx.query<{ endpoint_hash: Buffer }>(
    `select distinct a.endpoint_hash
     from (select endpoint_hash, contact_id from endpoint where tenant_id = $1 and endpoint_hash = any ($2::bytea[])
           union all
           select endpoint_hash, contact_id from sign_up where tenant_id = $1 and endpoint_hash = any ($2::bytea[])) a
     join stopped s on s.tenant_id = $1 and s.contact_id = a.contact_id and not s.restricts`,
    [tx.tenantId, hashes],
  );
  return rows.map((row) => row.endpoint_hash);
}

export async function isStopped(tx: Tx, contactId: string): Promise<boolean> {
  const rows = await tx.query('select 1 from stopped where tenant_id = $1 and contact_id = $2 limit 1', [
    tx.tenantId,
    contactId,
  ]);
  return rows.length > 0;
}

/** Of these, whom some request has stopped, whatever it asks for. */
export async function stoppedAmong(tx: Tx, contactIds: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ contact_id: string }>(
    'select distinct contact_id from stopped where tenant_id = $1 and contact_id = any ($2::uuid[])',
    [tx.tenantId, contactIds],
  );
  return new Set(rows.map((row) => row.contact_id));
}
