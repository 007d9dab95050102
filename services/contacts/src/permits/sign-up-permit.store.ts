import { type Tx } from '@heed/postgres';
import { type Ask } from './permit.js';

const DAY_MS = 24 * 3_600_000;
const NO_SALT = Buffer.alloc(16);

/**
 * Rows of permits for people who are no contacts yet; ids of those that are new. Nobody may delete a permit, and these may
 * outlive what they were about: neither the address' hash nor what opens the commitment to it stands in them.
 */
export async function addPermits(
  tx: Tx,
  permits: readonly { ask: Ask; permitId: string; endpointHash: Buffer }[],
  issue: { at: Date; issuedTo: string; ruleVersion: string; lifetimeMs: number },
): Promise<Set<string>> {
  if (permits.length === 0) return new Set();
  const { at, issuedTo, ruleVersion, lifetimeMs } = issue;
  const today = new Date(at.getTime() - (at.getTime() % DAY_MS));
  const rows = await tx.query<{ permit_id: string }>(
    `insert into permit (tenant_id, permit_id, day, issued_at, attempt_id, nonce, contact_id, endpoint_id,
       endpoint_hash, address_salt, channel, purpose, sender, rule_version, lifetime_ms, issued_to)
     select $1, p.permit_id, $2, $3, p.attempt_id, p.nonce, p.contact_id, p.contact_id, p.hash, $4, 'email', p.purpose, p.sender, $5,
       $6, $7
     from unnest($8::uuid[], $9::uuid[], $10::bytea[], $11::uuid[], $12::bytea[], $13::text[], $14::text[])
       as p (permit_id, attempt_id, nonce, contact_id, hash, purpose, sender)
     where not exists (
       select 1 from permit before
       where before.tenant_id = $1 and before.attempt_id = p.attempt_id and before.nonce = p.nonce and before.day = $15)
     on conflict (tenant_id, attempt_id, nonce, day) do nothing
     returning permit_id`,
    [
      ...[tx.tenantId, today, at, NO_SALT, ruleVersion, lifetimeMs, issuedTo],
      permits.map(({ permitId }) => permitId),
      permits.map(({ ask }) => ask.attemptId),
      permits.map(({ ask }) => ask.nonce),
      permits.map(({ ask }) => ask.contactId),
      permits.map(({ endpointHash }) => endpointHash),
      permits.map(({ ask }) => ask.purpose),
      permits.map(({ ask }) => ask.sender),
      new Date(today.getTime() - DAY_MS),
    ],
  );
  return new Set(rows.map((row) => row.permit_id));
}
