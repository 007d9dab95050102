import { reasonOf, type Tx } from '@heed/postgres';
import { ListRow } from './list.entity.js';

export interface List {
  listId: string;
  name: string;
  createdAt: Date;
  size: bigint;
}

export async function insertList(tx: Tx, list: { listId: string; name: string }, at: Date): Promise<void> {
  try {
    await tx.manager.insert(ListRow, { tenantId: tx.tenantId, ...list, createdAt: at });
  } catch (error) {
    throw reasonOf(error, { list_name_key: 'LIST_NAME_TAKEN' });
  }
}

export async function existingLists(tx: Tx, listIds: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ list_id: string }>(
    'select list_id from list where tenant_id = $1 and list_id = any ($2::uuid[])',
    [tx.tenantId, listIds],
  );
  return new Set(rows.map((row) => row.list_id));
}

/**
 * In order of id, which is that of creation. Sizes are counted, not kept: a counter would have to be right through
 * every erasure; 1 M members are counted in the index in some 60 ms.
 */
export async function listPage(
  tx: Tx,
  page: { ids?: readonly string[]; nameContains?: string; after?: string | undefined; limit: number },
): Promise<List[]> {
  const { ids, nameContains = '', after, limit } = page;
  const rows = await tx.query<{ list_id: string; name: string; created_at: Date; size: string }>(
    `select l.list_id, l.name, l.created_at,
       (select count(*) from list_member m where m.tenant_id = l.tenant_id and m.list_id = l.list_id) as size
     from list l
     where l.tenant_id = $1 and ($2::uuid is null or l.list_id > $2) and ($3::uuid[] is null or l.list_id = any ($3))
       and strpos(lower(l.name), lower($5)) > 0
     order by l.list_id limit $4`,
    [tx.tenantId, after ?? null, ids ?? null, limit, nameContains],
  );
  return rows.map((row) => ({
    listId: row.list_id,
    name: row.name,
    createdAt: row.created_at,
    size: BigInt(row.size),
  }));
}

/**
 * How many members live where: as stated, else by the ending of their newest address of mail, which is asked for only
 * where nothing is stated. Endings that are no countries (.tv is, .io is) are counted as what they say: who reads this
 * looks for countries that are few and known.
 */
export async function membersByCountry(tx: Tx, listId: string): Promise<Map<string, bigint>> {
  const rows = await tx.query<{ country: string; n: string }>(
    `select country, count(*) as n from (
       select coalesce(c.country, (
         select upper(substring(e.address from '[.]([a-z]{2})$')) from endpoint e
         where e.tenant_id = c.tenant_id and e.contact_id = c.contact_id and e.channel = 'email'
         order by e.endpoint_id desc limit 1
       ), '') as country
       from list_member m join contact c using (tenant_id, contact_id)
       where m.tenant_id = $1 and m.list_id = $2
     ) living
     group by country order by country`,
    [tx.tenantId, listId],
  );
  return new Map(rows.map(({ country, n }) => [country, BigInt(n)]));
}

export async function addMembers(
  tx: Tx,
  members: readonly { listId: string; contactId: string }[],
  at: Date,
): Promise<void> {
  if (members.length === 0) return;
  await tx.execute(
    `insert into list_member (tenant_id, list_id, contact_id, added_at)
     select $1, m.*, $2 from unnest($3::uuid[], $4::uuid[]) m
     on conflict do nothing`,
    [tx.tenantId, at, members.map(({ listId }) => listId), members.map(({ contactId }) => contactId)],
  );
}

/** Ids of members greater than `after`, in their order. */
export async function memberIds(
  tx: Tx,
  listId: string,
  after: string | undefined,
  limit: number,
): Promise<string[]> {
  const rows = await tx.query<{ contact_id: string }>(
    `select contact_id from list_member
     where tenant_id = $1 and list_id = $2 and ($3::uuid is null or contact_id > $3)
     order by contact_id limit $4`,
    [tx.tenantId, listId, after ?? null, limit],
  );
  return rows.map((row) => row.contact_id);
}
