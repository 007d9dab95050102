import { type Tx } from '@heed/postgres';
import { NORMALISER_VERSION, type Channel } from './address.js';
import { type Forms } from './address-hashes.js';
import { type Endpoint } from './contact.js';

interface EndpointRecord {
  endpoint_id: string;
  contact_id: string;
  channel: Channel;
  address: string;
  endpoint_hash: Buffer;
}

/** An endpoint with the hashes under which the suppression list may hold its address. */
export interface NewEndpoint extends Endpoint {
  forms: Forms;
}

/** An address that the contact has already stays the row that it is. */
export async function insertEndpoints(tx: Tx, endpoints: readonly NewEndpoint[], at: Date): Promise<void> {
  if (endpoints.length === 0) return;
  await tx.execute(
    `insert into endpoint
       (tenant_id, endpoint_id, contact_id, channel, address, endpoint_hash, forms, formed, normaliser, created_at)
     select $1, e.endpoint_id, e.contact_id, e.channel, e.address, e.hash, e.forms::bytea[], e.formed, $2, $3
     from unnest($4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::bytea[], $9::text[], $10::int[])
       e (endpoint_id, contact_id, channel, address, hash, forms, formed)
     on conflict on constraint endpoint_of_contact_key do nothing`,
    [
      tx.tenantId,
      NORMALISER_VERSION,
      at,
      endpoints.map((endpoint) => endpoint.endpointId),
      endpoints.map((endpoint) => endpoint.contactId),
      endpoints.map((endpoint) => endpoint.channel),
      endpoints.map((endpoint) => endpoint.address),
      endpoints.map((endpoint) => endpoint.endpointHash),
      endpoints.map(({ forms }) => arrayOf(forms.hashes)),
      endpoints.map(({ forms }) => forms.formed),
    ],
  );
}

export async function endpointsOf(tx: Tx, contactIds: readonly string[]): Promise<Endpoint[]> {
  const records = await tx.query<EndpointRecord>(
    `select endpoint_id, contact_id, channel, address, endpoint_hash from endpoint
     where tenant_id = $1 and contact_id = any ($2::uuid[]) order by endpoint_id`,
    [tx.tenantId, contactIds],
  );
  return records.map(endpointOf);
}

/**
 * Who has one of these addresses: the one who has had it longest comes first. One look into the index for each address
 * (`offset 0` keeps the planner to it): before a large import's rows are in its statistics it would rather read the
 * whole index of a tenant that it takes for a small one, for every batch.
 */
export async function endpointsByHashes(tx: Tx, hashes: readonly Buffer[]): Promise<Endpoint[]> {
  const records = await tx.query<EndpointRecord>(
    `select e.* from (select distinct hash from unnest($2::bytea[]) hash) h, lateral (
       select endpoint_id, contact_id, channel, address, endpoint_hash from endpoint
       where tenant_id = $1 and endpoint_hash = h.hash offset 0) e
     order by e.endpoint_id`,
    [tx.tenantId, hashes],
  );
  return records.map(endpointOf);
}

export async function hashOfEndpoint(tx: Tx, endpointId: string): Promise<Buffer | undefined> {
  const [row] = await tx.query<{ endpoint_hash: Buffer }>(
    'select endpoint_hash from endpoint where tenant_id = $1 and endpoint_id = $2',
    [tx.tenantId, endpointId],
  );
  return row?.endpoint_hash;
}

/** Which of these names somebody who lives bears. */
export async function livingName(tx: Tx, names: readonly Buffer[]): Promise<Buffer | undefined> {
  const [row] = await tx.query<{ endpoint_hash: Buffer }>(
    'select endpoint_hash from endpoint where tenant_id = $1 and endpoint_hash = any ($2::bytea[]) limit 1',
    [tx.tenantId, names],
  );
  return row?.endpoint_hash;
}

/**
 * One import's batch at a time in a tenant, and nobody beside it who makes an address: two that meet the same new address
 * would each make a person of it, and a lock for each of a thousand addresses has no room in PostgreSQL. Held until the
 * transaction ends, which is short; permits and opt-outs do not take it.
 */
export async function lockForNewAddresses(tx: Tx): Promise<void> {
  await tx.execute(`select pg_advisory_xact_lock(hashtextextended('contacts.addresses.' || $1, 0))`, [
    tx.tenantId,
  ]);
}

/**
 * One creator at a time of each of these few addresses, under whatever rules it was named; others are made beside them. An
 * import waits for all of them, and they for it. Each in the same order, so that two who share addresses wait and do not
 * block each other.
 */
export async function lockNewAddresses(tx: Tx, names: readonly Buffer[]): Promise<void> {
  await tx.execute(`select pg_advisory_xact_lock_shared(hashtextextended('contacts.addresses.' || $1, 0))`, [
    tx.tenantId,
  ]);
  await tx.execute(
    `select pg_advisory_xact_lock(key) from (
       select distinct hashtextextended('contacts.address.' || $1 || encode(name, 'hex'), 0) as key
       from unnest($2::bytea[]) name order by key offset 0) keys`,
    [tx.tenantId, names],
  );
}

/** Addresses whose forms were made by fewer keys, or older rules, than `formed` says. */
export async function unformedEndpoints(
  tx: Tx,
  formed: number,
  limit: number,
): Promise<{ endpointId: string; channel: Channel; address: string }[]> {
  return tx.query(
    `select endpoint_id as "endpointId", channel, address from endpoint
     where tenant_id = $1 and formed < $2 order by formed, endpoint_id limit $3`,
    [tx.tenantId, formed, limit],
  );
}

/** Returns how many there still were. */
export function saveForms(
  tx: Tx,
  endpoints: readonly { endpointId: string; forms: Forms }[],
): Promise<number> {
  return tx.execute(
    `update endpoint e set forms = n.forms::bytea[], formed = n.formed
     from unnest($2::uuid[], $3::text[], $4::int[]) n (endpoint_id, forms, formed)
     where e.tenant_id = $1 and e.endpoint_id = n.endpoint_id`,
    [
      tx.tenantId,
      endpoints.map(({ endpointId }) => endpointId),
      endpoints.map(({ forms }) => arrayOf(forms.hashes)),
      endpoints.map(({ forms }) => forms.formed),
    ],
  );
}

/** `unnest` flattens arrays of arrays, so each travels as the text that PostgreSQL reads as one. */
function arrayOf(hashes: readonly Buffer[]): string {
  return `{${hashes.map((hash) => `"\\\\x${hash.toString('hex')}"`).join(',')}}`;
}

function endpointOf(record: EndpointRecord): Endpoint {
  return {
    endpointId: record.endpoint_id,
    contactId: record.contact_id,
    channel: record.channel,
    address: record.address,
    endpointHash: record.endpoint_hash,
  };
}
