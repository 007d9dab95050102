import { type Tx } from '@heed/postgres';
import { NORMALISER_VERSION, type Channel } from './address.js';
import { type Endpoint } from './contact.js';

interface EndpointRecord {
  endpoint_id: string;
  contact_id: string;
  channel: Channel;
  address: string;
  endpoint_hash: Buffer;
}

/** An address that the contact has already stays the row that it is. */
export async function insertEndpoints(tx: Tx, endpoints: readonly Endpoint[], at: Date): Promise<void> {
  if (endpoints.length === 0) return;
  await tx.execute(
    `insert into endpoint
       (tenant_id, endpoint_id, contact_id, channel, address, endpoint_hash, normaliser, created_at)
     select $1, e.*, $2, $3
     from unnest($4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::bytea[]) e
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

/**
 * One creator of addresses at a time in a tenant: two imports that meet the same new address would each make a person
 * of it. Held until the transaction ends, which is short; permits and opt-outs do not take it.
 */
export async function lockForNewAddresses(tx: Tx): Promise<void> {
  await tx.execute(`select pg_advisory_xact_lock(hashtextextended('contacts.addresses.' || $1, 0))`, [
    tx.tenantId,
  ]);
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
