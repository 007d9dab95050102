import { type ClientBase } from 'pg';

export interface Lead {
  token: string;
  position: string;
}

// One number for all databases: advisory locks are kept apart by database.
const RELAY_LOCK = `hashtextextended('heed.relay', 0)`;

/**
 * Takes the lead of this outbox, or answers undefined. The advisory lock belongs to the connection: it is free again
 * the moment a killed holder's connection closes. A frozen holder keeps it; its lease runs out instead, and whoever
 * takes over has only the lease, until the lock can be had (`saveCursor`).
 */
export async function takeLead(
  connection: ClientBase,
  holder: string,
  now: Date,
  until: Date,
): Promise<Lead | undefined> {
  const { rows } = await connection.query<{ token: string; position: string }>(
    `with held as materialized (select pg_try_advisory_lock(${RELAY_LOCK}) as free)
     update heed.relay_cursor c set token = c.token + 1, holder = $1, lease_until = $3, has_lock = held.free
     from held
     where c.name = 'outbox' and ((held.free and c.has_lock) or c.lease_until <= $2)
     returning c.token, c.position`,
    [holder, now, until],
  );
  if (rows.length === 0) await connection.query(`select pg_advisory_unlock_all()`);
  return rows[0];
}

/** Saves how far it is and renews the lease. False: somebody else leads, or this position is not ours any more. */
export async function saveCursor(
  connection: ClientBase,
  lead: Lead,
  position: string,
  now: Date,
  until: Date,
): Promise<boolean> {
  const { rowCount } = await connection.query(
    `update heed.relay_cursor set position = $3, lease_until = $4, saved_at = $5,
       has_lock = case when has_lock then true else pg_try_advisory_lock(${RELAY_LOCK}) end
     where name = 'outbox' and token = $1 and position = $2`,
    [lead.token, lead.position, position, until, now],
  );
  return rowCount === 1;
}

/** Lets the next one lead at once. */
export async function giveUpLead(connection: ClientBase, lead: Lead, now: Date): Promise<void> {
  await connection.query(
    `update heed.relay_cursor set lease_until = $2, has_lock = true where name = 'outbox' and token = $1`,
    [lead.token, now],
  );
  await connection.query(`select pg_advisory_unlock_all()`);
}

/** Partitions ahead, old ones dropped; answers how many were dropped. */
export async function tendOutbox(connection: ClientBase, reader: string | null): Promise<number> {
  const { rows } = await connection.query<{ dropped: number }>(
    `select heed.tend_outbox(coalesce($1::pg_snapshot, pg_current_snapshot())) as dropped`,
    [reader],
  );
  return rows[0]?.dropped ?? 0;
}

export async function tendInbox(connection: ClientBase): Promise<number> {
  const { rows } = await connection.query<{ dropped: number }>(`select heed.tend_inbox() as dropped`);
  return rows[0]?.dropped ?? 0;
}
