import { type Tx } from '@heed/postgres';

export interface SealedNeedle {
  needleId: string;
  holderId: string;
  channel: 'email' | 'voice';
  address: Buffer;
}

export interface KeptNeedle extends SealedNeedle {
  requestId: string;
  handle: string;
}

const COLUMNS = `n.needle_id as "needleId", n.holder_id as "holderId", n.request_id as "requestId", n.handle,
  n.channel, n.address`;

export async function addNeedles(tx: Tx, needles: readonly KeptNeedle[], at: Date): Promise<void> {
  if (needles.length === 0) return;
  await tx.execute(
    `insert into search_needle
       (tenant_id, created_at, request_id, handle, needle_id, holder_id, channel, address)
     select $1, $2, n.* from unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::bytea[]) n`,
    [
      ...[tx.tenantId, at],
      needles.map(({ requestId }) => requestId),
      needles.map(({ handle }) => handle),
      needles.map(({ needleId }) => needleId),
      needles.map(({ holderId }) => holderId),
      needles.map(({ channel }) => channel),
      needles.map(({ address }) => address),
    ],
  );
}

/** Those of open requests: a store that asks is still to answer. */
export async function needlesByHandles(tx: Tx, handles: readonly string[]): Promise<KeptNeedle[]> {
  return tx.query<KeptNeedle>(
    `select ${COLUMNS} from search_needle n join request r using (tenant_id, request_id)
     where n.tenant_id = $1 and n.handle = any ($2::uuid[]) and r.closed_at is null order by n.needle_id`,
    [tx.tenantId, handles],
  );
}

/** How many are kept of each of these people, whose requests they came with. As eraser. */
export async function countNeedlesOf(tx: Tx, subjectIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await tx.query<{ subjectId: string; count: number }>(
    `select r.subject_id as "subjectId", count(*)::int as count
     from search_needle n join request r using (tenant_id, request_id)
     where r.tenant_id = $1 and r.subject_id = any ($2::uuid[]) group by r.subject_id`,
    [tx.tenantId, subjectIds],
  );
  return new Map(rows.map(({ subjectId, count }) => [subjectId, count]));
}

export async function needlesOfRequests(tx: Tx, requestIds: readonly string[]): Promise<KeptNeedle[]> {
  return tx.query<KeptNeedle>(
    `select ${COLUMNS} from search_needle n
     where n.tenant_id = $1 and n.request_id = any ($2::uuid[]) order by n.needle_id`,
    [tx.tenantId, requestIds],
  );
}

/** Returns whose keys they were sealed under. */
export async function deleteNeedles(tx: Tx, requestIds: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ holderId: string }>(
    `with gone as (
       delete from search_needle where tenant_id = $1 and request_id = any ($2::uuid[]) returning holder_id
     )
     select distinct holder_id as "holderId" from gone`,
    [tx.tenantId, requestIds],
  );
  return rows.map(({ holderId }) => holderId);
}

export async function hasNeedles(tx: Tx, holderId: string): Promise<boolean> {
  const rows = await tx.query('select 1 from search_needle where tenant_id = $1 and holder_id = $2 limit 1', [
    tx.tenantId,
    holderId,
  ]);
  return rows.length > 0;
}
