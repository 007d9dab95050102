import { type SweepOpening } from '@heed/data-rights';
import { type Tx } from '@heed/postgres';

/** What one service has signed about one request. */
export interface KeptSweepOpening extends SweepOpening {
  requestId: string;
  leaf: number;
}

export type Resolution = 'removed' | 'not_theirs';

export interface FoundPlace {
  hitId: string;
  requestId: string;
  store: string;
  column: string;
  row: string;
}

export interface ProbeHit extends FoundPlace {
  sweepId: string;
  service: string;
  foundAt: Date;
  resolution: Resolution | null;
  reason: string | null;
  resolvedBy: string | null;
  resolvedAt: Date | null;
}

const HIT = `hit_id as "hitId", request_id as "requestId", sweep_id as "sweepId", service, store, column_name as "column", row_key as "row",
  found_at as "foundAt", resolution, reason, resolved_by as "resolvedBy", resolved_at as "resolvedAt"`;

export async function keepOpenings(
  tx: Tx,
  { sweepId, service }: { sweepId: string; service: string },
  openings: readonly KeptSweepOpening[],
): Promise<void> {
  await tx.execute(
    `insert into sweep_opening as o
       (tenant_id, service, sweep_id, request_id, leaf, position, salt, statement, path)
     select $1, $2, $3, n.request_id, n.leaf, n.position, n.salt, n.statement,
       array(select substring(n.path from 32 * i + 1 for 32) from generate_series(0, length(n.path) / 32 - 1) i)
     from unnest($4::uuid[], $5::bigint[], $6::int[], $7::bytea[], $8::bytea[], $9::bytea[])
       n (request_id, leaf, position, salt, statement, path)
     on conflict (tenant_id, request_id, service) do update set sweep_id = excluded.sweep_id, leaf = excluded.leaf,
       position = excluded.position, salt = excluded.salt, statement = excluded.statement, path = excluded.path`,
    [
      ...[tx.tenantId, service, sweepId],
      openings.map(({ requestId }) => requestId),
      openings.map(({ leaf }) => leaf),
      openings.map(({ position }) => position),
      openings.map(({ salt }) => salt),
      openings.map(({ statement }) => statement),
      openings.map(({ path }) => Buffer.concat(path)),
    ],
  );
}

/** The latest of each service. */
export async function sweepOpeningsOf(
  tx: Tx,
  requestId: string,
): Promise<(KeptSweepOpening & { service: string })[]> {
  return tx.query<KeptSweepOpening & { service: string }>(
    `select request_id as "requestId", service, leaf::int as leaf, position, path, salt, statement
     from sweep_opening where tenant_id = $1 and request_id = $2 order by service`,
    [tx.tenantId, requestId],
  );
}

/** A place that is found again is open again, whatever was said of it. */
export async function keepHits(
  tx: Tx,
  { sweepId, service, at }: { sweepId: string; service: string; at: Date },
  places: readonly FoundPlace[],
): Promise<void> {
  if (places.length === 0) return;
  await tx.execute(
    `insert into probe_hit as h
       (tenant_id, sweep_id, service, found_at, hit_id, request_id, store, column_name, row_key)
     select $1, $2, $3, $4, p.* from unnest($5::uuid[], $6::uuid[], $7::text[], $8::text[], $9::text[]) p
     on conflict (tenant_id, request_id, service, store, column_name, row_key) do update
       set sweep_id = excluded.sweep_id, found_at = excluded.found_at,
         resolution = null, reason = null, resolved_by = null, resolved_at = null
       where h.sweep_id <> excluded.sweep_id and h.resolution is distinct from 'not_theirs'`,
    [
      ...[tx.tenantId, sweepId, service, at],
      places.map(({ hitId }) => hitId),
      places.map(({ requestId }) => requestId),
      places.map(({ store }) => store),
      places.map(({ column }) => column),
      places.map(({ row }) => row.slice(0, 2_000)),
    ],
  );
}

export async function listHits(
  tx: Tx,
  includeResolved: boolean,
  before: string | undefined,
  limit: number,
): Promise<ProbeHit[]> {
  return tx.query<ProbeHit>(
    `select ${HIT} from probe_hit
     where tenant_id = $1 and ($2 or resolution is null) and ($3::uuid is null or hit_id < $3)
     order by hit_id desc limit $4`,
    [tx.tenantId, includeResolved, before ?? null, limit],
  );
}

export async function lockHit(tx: Tx, hitId: string): Promise<ProbeHit | undefined> {
  const [row] = await tx.query<ProbeHit>(
    `select ${HIT} from probe_hit where tenant_id = $1 and hit_id = $2 for update`,
    [tx.tenantId, hitId],
  );
  return row;
}

export async function resolveHit(
  tx: Tx,
  hitId: string,
  said: { resolution: Resolution; reason: string; by: string; at: Date },
): Promise<void> {
  await tx.execute(
    `update probe_hit set resolution = $3, reason = $4, resolved_by = $5, resolved_at = $6
     where tenant_id = $1 and hit_id = $2`,
    [tx.tenantId, hitId, said.resolution, said.reason, said.by, said.at],
  );
}

/** Of these requests, those of which a person has still to say what was found. */
export async function withOpenHits(tx: Tx, requestIds: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ requestId: string }>(
    `select distinct request_id as "requestId" from probe_hit
     where tenant_id = $1 and request_id = any ($2::uuid[]) and resolution is null`,
    [tx.tenantId, requestIds],
  );
  return new Set(rows.map(({ requestId }) => requestId));
}

/** Whether something that the same sweep found was removed since. */
export async function isRemoved(tx: Tx, { requestId, sweepId }: ProbeHit): Promise<boolean> {
  const rows = await tx.query(
    `select 1 from probe_hit
     where tenant_id = $1 and request_id = $2 and sweep_id = $3 and resolution = 'removed' limit 1`,
    [tx.tenantId, requestId, sweepId],
  );
  return rows.length > 0;
}

/** With the record of the request. */
export async function forgetFound(tx: Tx, requestId: string): Promise<void> {
  for (const table of ['sweep_opening', 'probe_hit', 'sweep_due']) {
    await tx.execute(`delete from ${table} where tenant_id = $1 and request_id = $2`, [
      tx.tenantId,
      requestId,
    ]);
  }
}
