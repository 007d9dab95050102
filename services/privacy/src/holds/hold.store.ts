import { type ToldHold } from '@heed/data-rights';
import { type Tx } from '@heed/postgres';
import { type Hold } from './hold.js';

const COLUMNS = `hold_id as "holdId", subject_id as "subjectId", subject_kind as "subjectKind", ground, matter,
  placed_by as "placedBy", placed_at as "placedAt", until, released_at as "releasedAt", released_by as "releasedBy",
  too_late_request as "tooLateRequest", too_late_for as "tooLateFor", without_telling as "withoutTelling"`;

export async function addHold(tx: Tx, hold: Hold): Promise<void> {
  await tx.execute(
    `insert into hold (tenant_id, hold_id, subject_id, subject_kind, ground, matter, placed_by, placed_at, until,
       too_late_request, too_late_for, without_telling)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      ...[tx.tenantId, hold.holdId, hold.subjectId, hold.subjectKind, hold.ground, hold.matter],
      ...[hold.placedBy, hold.placedAt, hold.until, hold.tooLateRequest, hold.tooLateFor],
      hold.withoutTelling,
    ],
  );
}

export async function holdById(tx: Tx, holdId: string): Promise<Hold | undefined> {
  const [row] = await tx.query<Hold>(`select ${COLUMNS} from hold where tenant_id = $1 and hold_id = $2`, [
    tx.tenantId,
    holdId,
  ]);
  return row;
}

/** Those of these people who are held. Whoever decides by it holds their lock. */
export async function heldAmong(tx: Tx, subjectIds: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ subjectId: string }>(
    `select distinct subject_id as "subjectId" from hold
     where tenant_id = $1 and subject_id = any ($2::uuid[]) and released_at is null`,
    [tx.tenantId, subjectIds],
  );
  return new Set(rows.map(({ subjectId }) => subjectId));
}

/** Whether one of the holds on somebody may be told of. */
export async function holdToTell(tx: Tx, subjectId: string): Promise<boolean> {
  const rows = await tx.query(
    `select 1 from hold
     where tenant_id = $1 and subject_id = $2 and released_at is null and not without_telling limit 1`,
    [tx.tenantId, subjectId],
  );
  return rows.length > 0;
}

export async function endHold(tx: Tx, holdId: string, at: Date, by: string | null): Promise<void> {
  await tx.execute(
    `update hold set released_at = $3, released_by = $4
     where tenant_id = $1 and hold_id = $2 and released_at is null`,
    [tx.tenantId, holdId, at, by],
  );
}

/** What is empty asks for nothing. */
export interface HoldFilter {
  subjectId: string;
  matter: string;
  includeReleased: boolean;
}

/** Newest first: ids rise with time. */
export function listHolds(
  tx: Tx,
  { subjectId, matter, includeReleased }: HoldFilter,
  before: string | undefined,
  limit: number,
): Promise<Hold[]> {
  return tx.query<Hold>(
    `select ${COLUMNS} from hold
     where tenant_id = $1 and ($2::uuid is null or hold_id < $2) and ($3::uuid is null or subject_id = $3)
       and ($4 = '' or matter = $4) and ($5 or released_at is null)
     order by hold_id desc limit $6`,
    [tx.tenantId, before ?? null, subjectId || null, matter, includeReleased, limit],
  );
}

/** All that ever were, in order of id, as services are told of them. */
export function holdsAfter(tx: Tx, holdId: string, limit: number): Promise<ToldHold[]> {
  return tx.query<ToldHold & object>(
    `select hold_id as "holdId", subject_id as "subjectId", released_at is not null as released from hold
     where tenant_id = $1 and hold_id > $2 order by hold_id limit $3`,
    [tx.tenantId, holdId, limit],
  );
}

/** The latest erasure of somebody of which an order is out, ended or not. */
export async function orderedErasure(tx: Tx, subjectId: string): Promise<string | undefined> {
  const [row] = await tx.query<{ requestId: string }>(
    `select o.request_id as "requestId" from subject_order o
     where o.tenant_id = $1 and o.subject_id = $2 and o.action = 'ERASE' and o.batch_id is not null
     order by o.order_number desc limit 1`,
    [tx.tenantId, subjectId],
  );
  return row?.requestId;
}
