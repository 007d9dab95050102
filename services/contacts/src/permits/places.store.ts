import { type Tx } from '@heed/postgres';
import { type Channel } from '../contacts/address.js';
import { type Taken } from '../contact-rules/frequency.js';

/**
 * Keeps others from taking places under these keys until the transaction ends: ids of contacts, and hashes of addresses
 * in hexadecimal. Always in one order, so that two batches wait for each other and never deadlock. The statement after
 * it has a snapshot of its own, in which whatever was waited for is committed.
 */
export async function lockPlaces(tx: Tx, keys: readonly string[]): Promise<void> {
  await tx.query(
    `select pg_advisory_xact_lock(lock) from (
       select distinct hashtextextended('contacts.place.' || $1 || '.' || key, 0) as lock
       from unnest($2::text[]) key order by lock offset 0
     ) locks`,
    [tx.tenantId, keys],
  );
}

/**
 * Places taken since then under these keys: permits of a person, and permits of an address whoever had it. What was
 * given back counts no more. By the index of contacts: permits have none of hashes, which every permit would pay for.
 */
export async function placesTaken(
  tx: Tx,
  keys: readonly string[],
  since: Date,
): Promise<(Taken & { key: string })[]> {
  const contacts = keys.filter((key) => key.includes('-'));
  const hashes = keys.filter((key) => !key.includes('-')).map((key) => Buffer.from(key, 'hex'));
  const rows = await tx.query<{
    key: string;
    attempt_id: string;
    channel: Channel;
    purpose: string;
    at: Date;
  }>(
    `select key, attempt_id, channel, purpose, max(issued_at) as at from (
       select p.contact_id::text as key, p.attempt_id, p.channel, p.purpose, p.issued_at
       from permit p
       where p.tenant_id = $1 and p.contact_id = any ($2::uuid[]) and p.day >= $4 and p.issued_at > $5
         and p.returned_at is null
       union all
       select encode(e.endpoint_hash, 'hex'), p.attempt_id, p.channel, p.purpose, p.issued_at
       from (
         select distinct endpoint_hash, contact_id, endpoint_id from endpoint
         where tenant_id = $1 and endpoint_hash = any ($3::bytea[])
       ) e
       join permit p on p.tenant_id = $1 and p.contact_id = e.contact_id and p.endpoint_id = e.endpoint_id
       where p.day >= $4 and p.issued_at > $5 and p.returned_at is null
     ) taken
     group by key, attempt_id, channel, purpose`,
    [tx.tenantId, contacts, hashes, dayBefore(since), since],
  );
  return rows.map(({ attempt_id: attemptId, ...row }) => ({ ...row, attemptId }));
}

/** Gives places back. Returns how many were taken until now. */
export async function returnPlaces(
  tx: Tx,
  permitIds: readonly string[],
  { issuedTo, at }: { issuedTo: string; at: Date },
): Promise<number> {
  return tx.execute(
    `update permit set returned_at = $4
     where tenant_id = $1 and permit_id = any ($2::uuid[]) and issued_to = $3 and returned_at is null and day >= $5`,
    [tx.tenantId, permitIds, issuedTo, at, dayBefore(at)],
  );
}

/** Never later than the day of the instant, whose partition is the first to be looked into. */
function dayBefore(at: Date): Date {
  return new Date(at.getTime() - 24 * 3_600_000);
}
