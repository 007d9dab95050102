import { type TimeSpan } from '@heed/kernel';
import { type Tx } from '@heed/postgres';
import { type Contact, type Profile } from './contact.js';

interface ContactRecord {
  contact_id: string;
  first_name: string | null;
  last_name: string | null;
  country: string | null;
  source: string;
  corrected: string[];
  created_at: Date;
}

/** The subjects were made known before. */
export async function insertContacts(
  tx: Tx,
  contacts: readonly Omit<Contact, 'createdAt'>[],
  at: Date,
): Promise<void> {
  if (contacts.length === 0) return;
  await tx.execute(
    `insert into contact (tenant_id, contact_id, first_name, last_name, country, source, created_at, updated_at)
     select $1, c.*, $2, $2
     from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[]) c`,
    [
      tx.tenantId,
      at,
      contacts.map((contact) => contact.contactId),
      contacts.map((contact) => contact.firstName ?? null),
      contacts.map((contact) => contact.lastName ?? null),
      contacts.map((contact) => contact.country ?? null),
      contacts.map((contact) => contact.source),
    ],
  );
}

export async function updateProfiles(
  tx: Tx,
  profiles: readonly (Profile & { contactId: string })[],
  at: Date,
): Promise<void> {
  if (profiles.length === 0) return;
  await tx.execute(
    `update contact c set first_name = n.first_name, last_name = n.last_name, country = n.country, updated_at = $2
     from unnest($3::uuid[], $4::text[], $5::text[], $6::text[]) n (contact_id, first_name, last_name, country)
     where c.tenant_id = $1 and c.contact_id = n.contact_id`,
    [
      tx.tenantId,
      at,
      profiles.map((profile) => profile.contactId),
      profiles.map((profile) => profile.firstName ?? null),
      profiles.map((profile) => profile.lastName ?? null),
      profiles.map((profile) => profile.country ?? null),
    ],
  );
}

export async function contactsById(tx: Tx, ids: readonly string[]): Promise<Map<string, Contact>> {
  const records = await tx.query<ContactRecord>(
    'select * from contact where tenant_id = $1 and contact_id = any ($2::uuid[])',
    [tx.tenantId, ids],
  );
  return new Map(records.map((record) => [record.contact_id, contactOf(record)]));
}

export interface PageOf {
  listId: string | undefined;
  /** Only these, where they are given. */
  owners: readonly string[] | undefined;
  country: string | undefined;
  created: TimeSpan;
  after: string | undefined;
  limit: number;
}

/** In order of id, from the one after `after` on. */
export async function contactPage(tx: Tx, page: PageOf): Promise<Contact[]> {
  const { listId, owners, country, created, after, limit } = page;
  const records = await tx.query<ContactRecord>(
    `select c.* from contact c
     ${listId === undefined ? '' : 'join list_member m on m.tenant_id = c.tenant_id and m.contact_id = c.contact_id'}
     where c.tenant_id = $1 and ($2::uuid is null or c.contact_id > $2)
       and ($3::uuid[] is null or c.contact_id = any ($3))
       and ($5::text is null or c.country = $5)
       and ($6::timestamptz is null or c.created_at >= $6) and ($7::timestamptz is null or c.created_at < $7)
       ${listId === undefined ? '' : 'and m.list_id = $8'}
     order by c.contact_id limit $4`,
    [
      ...[tx.tenantId, after ?? null, owners ?? null, limit, country ?? null],
      ...[created.from ?? null, created.until ?? null, ...(listId === undefined ? [] : [listId])],
    ],
  );
  return records.map(contactOf);
}

/** Whether this tenant has, or ever had, anybody: whoever was erased leaves a tombstone. */
export async function tenantHasPeople(tx: Tx): Promise<boolean> {
  const found = await tx.query('select 1 from heed.subject where tenant_id = $1 limit 1', [tx.tenantId]);
  return found.length > 0;
}

function contactOf(record: ContactRecord): Contact {
  return {
    contactId: record.contact_id,
    firstName: record.first_name ?? undefined,
    lastName: record.last_name ?? undefined,
    country: record.country ?? undefined,
    source: record.source,
    corrected: record.corrected,
    createdAt: record.created_at,
  };
}
