import { type Tx } from '@heed/postgres';
import { type Right } from '../requests/request.js';
import { RESTORED, type KeptRow } from './returned-request.js';

/** More orders than a person was ever given between two backups: numbers that were used in a lost life are not used again. */
const NUMBERS_APART = 1_000;

export interface Returned {
  requestId: string;
  subjectId: string;
  right: Right;
}

const RETURNED = `request_id as "requestId", subject_id as "subjectId", asked_right as "right"`;

/** Those that this database does not know. Rows of several versions have different columns. */
export async function insertUnknown(
  tx: Tx,
  table: 'request' | 'hold',
  rows: readonly object[],
): Promise<string[]> {
  const id = table === 'request' ? 'request_id' : 'hold_id';
  const inserted: string[] = [];
  for (const [columns, alike] of Map.groupBy(rows, (row) => Object.keys(row).sort().join(', '))) {
    const added = await tx.query<{ id: string }>(
      `insert into ${table} (${columns})
       select ${columns} from jsonb_populate_recordset(null::${table}, $2::jsonb) where tenant_id = $1
       on conflict do nothing returning ${id} as id`,
      [tx.tenantId, JSON.stringify(alike)],
    );
    inserted.push(...added.map((row) => row.id));
  }
  return inserted;
}

/** Known ones that were refused or taken back since: nothing was ordered for them. */
export function endTakenBack(tx: Tx, rows: readonly KeptRow[]): Promise<Returned[]> {
  return tx.query<Returned & object>(
    `update request r set state = t.state, refusal_ground = t.refusal_ground, closed_at = t.closed_at,
       closing_statement = t.closing_statement, closing_salt = t.closing_salt, attention_at = null
     from jsonb_populate_recordset(null::request, $2::jsonb) t
     where r.tenant_id = $1 and r.request_id = t.request_id and r.closed_at is null
       and t.state in ('REFUSED', 'CANCELLED')
     returning r.request_id as "requestId", r.subject_id as "subjectId", r.asked_right as "right"`,
    [tx.tenantId, JSON.stringify(rows)],
  );
}

/**
 * Those that came back by an earlier chunk, and of which a later one says that they were done: erasures and restrictions
 * are worked once more all the same.
 */
export function closeDone(tx: Tx, rows: readonly KeptRow[]): Promise<Returned[]> {
  return tx.query<Returned & object>(
    `update request r set state = 'COMPLETED_WITH_EXCEPTIONS', exception_reason = '${RESTORED}',
       closed_at = t.closed_at, attention_at = null
     from jsonb_populate_recordset(null::request, $2::jsonb) t
     where r.tenant_id = $1 and r.request_id = t.request_id and r.closed_at is null and t.closed_at is not null
       and t.state not in ('REFUSED', 'CANCELLED') and r.asked_right in ('ACCESS', 'CORRECTION', 'LIFT')
       and not exists (select 1 from subject_order o where o.tenant_id = $1 and o.request_id = r.request_id)
     returning r.request_id as "requestId", r.subject_id as "subjectId", r.asked_right as "right"`,
    [tx.tenantId, JSON.stringify(rows)],
  );
}

/**
 * Those that wait for a member here, and were approved since: they begin, and whoever must answer is who declares something
 * now. Returns their ids.
 */
export async function takeApprovals(tx: Tx, rows: readonly KeptRow[]): Promise<string[]> {
  const approved = await tx.query<{ requestId: string }>(
    `update request r set approved_by = t.approved_by, verification = t.verification,
       state = case when t.state in ('INFORMING', 'HELD') then t.state else 'FANNED_OUT' end
     from jsonb_populate_recordset(null::request, $2::jsonb) t
     where r.tenant_id = $1 and r.request_id = t.request_id and r.closed_at is null and r.state = 'REVIEW'
       and t.approved_by is not null
     returning r.request_id as "requestId"`,
    [tx.tenantId, JSON.stringify(rows)],
  );
  const requestIds = approved.map(({ requestId }) => requestId);
  await tx.execute('delete from request_pin where tenant_id = $1 and request_id = any ($2::uuid[])', [
    tx.tenantId,
    requestIds,
  ]);
  return requestIds;
}

export async function takeDueDates(tx: Tx, rows: readonly KeptRow[]): Promise<void> {
  await tx.execute(
    `update request r set due_at = t.due_at, extended_because = t.extended_because
     from jsonb_populate_recordset(null::request, $2::jsonb) t
     where r.tenant_id = $1 and r.request_id = t.request_id and r.closed_at is null and r.due_at < t.due_at`,
    [tx.tenantId, JSON.stringify(rows)],
  );
}

/** Orders of theirs that are in no batch go nowhere. */
export async function dropUnsealed(tx: Tx, requestIds: readonly string[]): Promise<void> {
  await tx.execute(
    'delete from subject_order where tenant_id = $1 and request_id = any ($2::uuid[]) and batch_id is null',
    [tx.tenantId, requestIds],
  );
}

export async function releaseHolds(tx: Tx, rows: readonly object[]): Promise<void> {
  await tx.execute(
    `update hold h set released_at = t.released_at, released_by = t.released_by
     from jsonb_populate_recordset(null::hold, $2::jsonb) t
     where h.tenant_id = $1 and h.hold_id = t.hold_id and h.released_at is null and t.released_at is not null`,
    [tx.tenantId, JSON.stringify(rows)],
  );
}

/** Services refuse a number that they have seen, and those of the lost life they have. */
export async function skipNumbers(tx: Tx, subjectIds: readonly string[]): Promise<void> {
  await tx.execute(
    `insert into order_counter as c (tenant_id, subject_id, last_number)
     select distinct $1::uuid, id, ${NUMBERS_APART} from unnest($2::uuid[]) id
     on conflict (tenant_id, subject_id) do update set last_number = c.last_number + ${NUMBERS_APART}`,
    [tx.tenantId, subjectIds],
  );
}

/** Of requests that are open: also what waits to go out gets a number that nobody has seen. */
export async function skipNumbersOfOpen(tx: Tx): Promise<void> {
  await tx.execute(
    `update subject_order o set order_number = order_number + ${NUMBERS_APART} from request r
     where o.tenant_id = $1 and r.tenant_id = $1 and r.request_id = o.request_id and r.closed_at is null
       and o.batch_id is null`,
    [tx.tenantId],
  );
  await tx.execute(
    `update order_counter c set last_number = last_number + 2 * ${NUMBERS_APART} from request r
     where c.tenant_id = $1 and r.tenant_id = $1 and r.subject_id = c.subject_id and r.closed_at is null`,
    [tx.tenantId],
  );
}

/** Those that stand in the place of one that could not come back: of the same right and person, and open. */
export async function standingFor(tx: Tx, rows: readonly KeptRow[]): Promise<string[]> {
  const standing = await tx.query<{ requestId: string }>(
    `select r.request_id as "requestId" from jsonb_populate_recordset(null::request, $2::jsonb) t
     join request r on r.tenant_id = $1 and r.subject_id = t.subject_id and r.asked_right = t.asked_right
       and r.closed_at is null and r.request_id <> t.request_id
     where not exists (select 1 from request k where k.tenant_id = $1 and k.request_id = t.request_id)`,
    [tx.tenantId, JSON.stringify(rows)],
  );
  return standing.map(({ requestId }) => requestId);
}

/** A restriction that was lifted since is not begun again. */
export function closeLifted(tx: Tx): Promise<Returned[]> {
  return tx.query<Returned & object>(
    `update request r set state = 'COMPLETED_WITH_EXCEPTIONS', exception_reason = '${RESTORED}', closed_at = l.closed_at
     from request l
     where r.tenant_id = $1 and r.asked_right = 'RESTRICTION' and r.closed_at is null
       and l.tenant_id = $1 and l.asked_right = 'LIFT' and l.subject_id = r.subject_id
       and l.closed_at > r.received_at and l.exception_reason = '${RESTORED}'
       and not exists (select 1 from subject_order o where o.tenant_id = $1 and o.request_id = r.request_id)
     returning r.request_id as "requestId", r.subject_id as "subjectId", r.asked_right as "right"`,
    [tx.tenantId],
  );
}

/** Erasures of which no order is out, and how their person stands now. */
export async function settleHolds(tx: Tx): Promise<void> {
  const isHeld = `exists (select 1 from hold h
    where h.tenant_id = r.tenant_id and h.subject_id = r.subject_id and h.released_at is null)`;
  const isOut = `exists (select 1 from subject_order o
    where o.tenant_id = r.tenant_id and o.request_id = r.request_id and o.batch_id is not null)`;
  const held = await tx.query<{ requestId: string }>(
    `update request r set state = 'HELD'
     where tenant_id = $1 and closed_at is null and asked_right = 'ERASURE' and state = 'FANNED_OUT'
       and ${isHeld} and not ${isOut} returning request_id as "requestId"`,
    [tx.tenantId],
  );
  await dropUnsealed(
    tx,
    held.map(({ requestId }) => requestId),
  );
  await tx.execute(
    `update request r set state = 'FANNED_OUT'
     where tenant_id = $1 and closed_at is null and state = 'HELD' and not ${isHeld}`,
    [tx.tenantId],
  );
}

/** Open, and nothing was ever ordered for it: only what came back stands so. */
export function withoutOrders(tx: Tx, limit: number): Promise<Returned[]> {
  return tx.query<Returned & object>(
    `select ${RETURNED} from request r
     where tenant_id = $1 and closed_at is null and state = 'FANNED_OUT' and not exists (
       select 1 from subject_order o where o.tenant_id = r.tenant_id and o.request_id = r.request_id)
     order by request_id limit $2`,
    [tx.tenantId, limit],
  );
}

/** For a person: what came back, and what nobody can go on with by themselves. */
export async function putBeforePerson(tx: Tx, requestIds: readonly string[], at: Date): Promise<void> {
  await tx.execute(
    'update request set attention_at = $3 where tenant_id = $1 and request_id = any ($2::uuid[]) and closed_at is null',
    [tx.tenantId, requestIds, at],
  );
}

export async function needsAttention(tx: Tx, requestIds: readonly string[]): Promise<void> {
  await tx.execute(
    `update request set state = 'NEEDS_ATTENTION' where tenant_id = $1 and request_id = any ($2::uuid[])`,
    [tx.tenantId, requestIds],
  );
}
