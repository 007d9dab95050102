import { type Manifest } from '@heed/data-map';
import { type TimeSpan } from '@heed/kernel';
import { type Tx } from '@heed/postgres';
import { COUNTS } from '../orders/order.store.js';
import { IS_MISSING, IS_UNLOGGED } from '../processors/processor-order.store.js';
import { type Progress, type Request, type Right, type State } from './request.js';

export interface Closing {
  statement: Buffer;
  salt: Buffer;
  leaf: number | null;
}

const COLUMNS = `request_id as "requestId", asked_right as "right", state, subject_id as "subjectId",
  subject_kind as "subjectKind", objects, verification, taken_by as "takenBy", informed, handle,
  exception_reason as "exceptionReason", extended_because as "extendedBecause", attention_at as "attentionAt",
  refusal_ground as "refusalGround", approved_by as "approvedBy", needs_second_person as "needsSecondPerson",
  received_at as "receivedAt", due_at as "dueAt", closed_at as "closedAt"`;

/** What is known of a request when it is taken, in the order of the statement. */
const KEPT = [
  ...(['requestId', 'right', 'state', 'subjectId', 'subjectKind', 'objects'] as const),
  ...(['verification', 'takenBy', 'handle', 'receivedAt', 'dueAt', 'informed'] as const),
  'needsSecondPerson' as const,
];

export async function addRequests(tx: Tx, requests: readonly Request[]): Promise<void> {
  await tx.execute(
    `insert into request (tenant_id, request_id, asked_right, state, subject_id, subject_kind, objects, verification,
       taken_by, handle, received_at, due_at, informed, needs_second_person)
     select $1, r.* from unnest($2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::text[], $7::boolean[], $8::text[],
       $9::uuid[], $10::uuid[], $11::timestamptz[], $12::timestamptz[], $13::text[], $14::boolean[]) r`,
    [tx.tenantId, ...KEPT.map((column) => requests.map((request) => request[column]))],
  );
}

/** The services that must answer each of these requests, each with all the stores of this manifest. */
export async function pinManifests(
  tx: Tx,
  requestIds: readonly string[],
  manifests: readonly Pick<Manifest, 'service' | 'version'>[],
): Promise<void> {
  await tx.execute(
    `insert into request_pin (tenant_id, request_id, service, manifest_version)
     select $1, r.id, p.* from unnest($2::uuid[]) r (id), unnest($3::text[], $4::text[]) p
     on conflict (tenant_id, request_id, service) do update set manifest_version = excluded.manifest_version`,
    [
      ...[tx.tenantId, requestIds],
      manifests.map(({ service }) => service),
      manifests.map(({ version }) => version),
    ],
  );
}

export async function addToLedger(
  tx: Tx,
  requests: readonly Pick<Request, 'subjectId' | 'requestId'>[],
  at: Date,
): Promise<void> {
  await tx.execute(
    `insert into erasure_ledger (tenant_id, subject_id, request_id, at)
     select $1, r.*, $2 from unnest($3::uuid[], $4::uuid[]) r`,
    [
      ...[tx.tenantId, at],
      requests.map(({ subjectId }) => subjectId),
      requests.map(({ requestId }) => requestId),
    ],
  );
}

export async function requestById(tx: Tx, requestId: string): Promise<Request | undefined> {
  const [row] = await tx.query<Request>(
    `select ${COLUMNS} from request where tenant_id = $1 and request_id = $2`,
    [tx.tenantId, requestId],
  );
  return row;
}

/** Locked in order of id: two receipts that move the same requests on wait for each other and never in a circle. */
export async function lockRequests(tx: Tx, requestIds: readonly string[]): Promise<Request[]> {
  return tx.query<Request>(
    `select ${COLUMNS} from request where tenant_id = $1 and request_id = any ($2::uuid[])
     order by request_id for update`,
    [tx.tenantId, requestIds],
  );
}

/**
 * What is decided about people while they are locked holds until the transaction ends. In order of their keys: two
 * callers wait for each other and never in a circle.
 */
export async function lockPeople(tx: Tx, subjectIds: readonly string[]): Promise<void> {
  await tx.query(
    `select pg_advisory_xact_lock(person.key) from (
       select distinct hashtextextended('privacy.person ' || $1 || id, 0) as key from unnest($2::text[]) id order by key
     ) person`,
    [tx.tenantId, subjectIds],
  );
}

export async function openRequest(tx: Tx, subjectId: string, right: Right): Promise<Request | undefined> {
  const [only] = await openRequests(tx, [subjectId], right);
  return only;
}

/** Of each of them at most one. */
export async function openRequests(tx: Tx, subjectIds: readonly string[], right: Right): Promise<Request[]> {
  return tx.query<Request>(
    `select ${COLUMNS} from request
     where tenant_id = $1 and subject_id = any ($2::uuid[]) and asked_right = $3 and closed_at is null`,
    [tx.tenantId, subjectIds, right],
  );
}

/** What is empty or null asks for nothing. */
export interface RequestFilter {
  states: readonly State[];
  right: Right | null;
  subjectId: string | null;
  received: TimeSpan;
  due: TimeSpan;
  needsPerson: boolean;
}

/** Newest first: ids rise with time. */
export async function listRequests(
  tx: Tx,
  filter: RequestFilter,
  before: string | undefined,
  limit: number,
): Promise<Request[]> {
  return tx.query<Request>(
    `select ${COLUMNS} from request
     where tenant_id = $1 and ($2::uuid is null or request_id < $2)
       and (cardinality($3::text[]) = 0 or state = any ($3)) and ($4::text is null or asked_right = $4)
       and ($6::uuid is null or subject_id = $6)
       and ($7::timestamptz is null or received_at >= $7) and ($8::timestamptz is null or received_at < $8)
       and ($9::timestamptz is null or due_at >= $9) and ($10::timestamptz is null or due_at < $10)
       and (not $11 or closed_at is null and (state in ('NEEDS_ATTENTION', 'HELD', 'REVIEW') or attention_at is not null))
     order by request_id desc limit $5`,
    [
      ...[tx.tenantId, before ?? null, filter.states, filter.right, limit, filter.subjectId],
      ...[filter.received.from ?? null, filter.received.until ?? null],
      ...[filter.due.from ?? null, filter.due.until ?? null, filter.needsPerson],
    ],
  );
}

/** Of each request, the versions of the manifests that it is pinned to, by service. */
export async function pinsOf(
  tx: Tx,
  requestIds: readonly string[],
): Promise<Map<string, Record<string, string>>> {
  const rows = await tx.query<{ requestId: string; service: string; version: string }>(
    `select request_id as "requestId", service, manifest_version as version from request_pin
     where tenant_id = $1 and request_id = any ($2::uuid[]) order by service`,
    [tx.tenantId, requestIds],
  );
  const pins = new Map<string, Record<string, string>>(requestIds.map((id) => [id, {}]));
  for (const { requestId, service, version } of rows) pins.get(requestId)![service] = version;
  return pins;
}

/** Those of the requests that are pinned to another manifest of this service. */
export async function pinnedOtherwise(
  tx: Tx,
  requestIds: readonly string[],
  service: string,
  version: string,
): Promise<{ requestId: string; version: string }[]> {
  return tx.query<{ requestId: string; version: string }>(
    `select request_id as "requestId", manifest_version as version from request_pin
     where tenant_id = $1 and request_id = any ($2::uuid[]) and service = $3 and manifest_version <> $4`,
    [tx.tenantId, requestIds, service, version],
  );
}

/**
 * How many services have answered, and what they found. Each request is looked up by its keys: joined, all of the
 * tenant's were read for every receipt wherever statistics were young.
 */
export async function progressOf(tx: Tx, requestIds: readonly string[]): Promise<Map<string, Progress>> {
  const rows = await tx.query<Progress & { requestId: string }>(
    `select r.request_id as "requestId", pinned.n - said.answered as unanswered, pinned.n - said.probed as unprobed,
       said.found, passed.untold
     from unnest($2::uuid[]) r (request_id)
     cross join lateral (
       select count(*)::int as n from request_pin p where p.tenant_id = $1 and p.request_id = r.request_id
     ) pinned
     cross join lateral (
       select count(distinct g.service) filter (where o.action <> 'PROBE')::int as answered,
         count(distinct g.service) filter (where o.action = 'PROBE')::int as probed,
         coalesce(bool_or(g.found), false) as found
       from subject_order o join opening g on g.tenant_id = $1 and g.order_id = o.order_id
       where o.tenant_id = $1 and o.request_id = r.request_id and ${COUNTS}
     ) said
     cross join lateral (
       select count(*) filter (where ${IS_MISSING} or ${IS_UNLOGGED})::int as untold
       from processor_order d where d.tenant_id = $1 and d.request_id = r.request_id) passed`,
    [tx.tenantId, requestIds],
  );
  return new Map(rows.map(({ requestId, ...progress }) => [requestId, progress]));
}

export async function setState(tx: Tx, requestIds: readonly string[], state: State): Promise<void> {
  await tx.execute('update request set state = $3 where tenant_id = $1 and request_id = any ($2::uuid[])', [
    tx.tenantId,
    requestIds,
    state,
  ]);
}

/** The person was told: the order may go out. */
export async function setInformed(tx: Tx, requestId: string, informed: string): Promise<void> {
  await tx.execute(
    `update request set state = 'FANNED_OUT', informed = $3 where tenant_id = $1 and request_id = $2`,
    [tx.tenantId, requestId, informed],
  );
}

/** A member closes it with something missing; null: nothing was, after all. */
export async function setException(tx: Tx, requestId: string, reason: string | null): Promise<void> {
  await tx.execute('update request set exception_reason = $3 where tenant_id = $1 and request_id = $2', [
    tx.tenantId,
    requestId,
    reason,
  ]);
}

export async function extend(tx: Tx, requestId: string, because: string, dueAt: Date): Promise<void> {
  await tx.execute(
    `update request set extended_because = $3, due_at = $4, attention_at = null
     where tenant_id = $1 and request_id = $2`,
    [tx.tenantId, requestId, because, dueAt],
  );
}

/** Requests that are to be closed, oldest first, locked in order of id: what is said of them, the log knows by now. */
export async function lockClosing(tx: Tx, limit: number): Promise<Request[]> {
  return tx.query<Request>(
    `select ${COLUMNS} from request r where tenant_id = $1 and closed_at is null and state = 'CLOSING' and not exists
       (select 1 from processor_order d where d.tenant_id = $1 and d.request_id = r.request_id and ${IS_UNLOGGED}) order by request_id limit $2 for update`,
    [tx.tenantId, limit],
  );
}

/** The words that close them, once; what was fixed before stays. */
export async function setClosings(
  tx: Tx,
  closings: readonly { requestId: string; statement: Buffer; salt: Buffer }[],
): Promise<void> {
  if (closings.length === 0) return;
  await tx.execute(
    `update request r set closing_statement = c.statement, closing_salt = c.salt
     from unnest($2::uuid[], $3::bytea[], $4::bytea[]) c (request_id, statement, salt)
     where r.tenant_id = $1 and r.request_id = c.request_id and r.closing_statement is null`,
    [
      tx.tenantId,
      closings.map(({ requestId }) => requestId),
      closings.map(({ statement }) => statement),
      closings.map(({ salt }) => salt),
    ],
  );
}

export async function closingsOf(tx: Tx, requestIds: readonly string[]): Promise<Map<string, Closing>> {
  const rows = await tx.query<Closing & { requestId: string }>(
    `select request_id as "requestId", closing_statement as statement, closing_salt as salt,
       closing_leaf::int as leaf
     from request where tenant_id = $1 and request_id = any ($2::uuid[]) and closing_statement is not null`,
    [tx.tenantId, requestIds],
  );
  return new Map(rows.map(({ requestId, ...closing }) => [requestId, closing]));
}

export async function complete(
  tx: Tx,
  closed: readonly { requestId: string; leaf: number; at: Date }[],
): Promise<void> {
  await tx.execute(
    `update request r set closed_at = c.at, closing_leaf = c.leaf,
       state = case when exception_reason is null then 'COMPLETED' else 'COMPLETED_WITH_EXCEPTIONS' end
     from unnest($2::uuid[], $3::bigint[], $4::timestamptz[]) c (request_id, leaf, at)
     where r.tenant_id = $1 and r.request_id = c.request_id`,
    [
      tx.tenantId,
      closed.map(({ requestId }) => requestId),
      closed.map(({ leaf }) => leaf),
      closed.map(({ at }) => at),
    ],
  );
}
