import { type Tx } from '@heed/postgres';
import { type Right } from '../requests/request.js';
import { type Notice } from './requester.js';

export async function addRequester(
  tx: Tx,
  requester: { requesterId: string; requestId: string; address: Buffer },
): Promise<void> {
  const { requesterId, requestId, address } = requester;
  await tx.execute(
    'insert into requester (tenant_id, requester_id, request_id, address) values ($1, $2, $3, $4)',
    [tx.tenantId, requesterId, requestId, address],
  );
}

/** Who asked for these, where they want to be answered. */
export function requestersOf(
  tx: Tx,
  requestIds: readonly string[],
): Promise<{ requesterId: string; right: Right; isWhole: boolean }[]> {
  return tx.query<{ requesterId: string; right: Right; isWhole: boolean }>(
    `select requester_id as "requesterId", q.asked_right as "right", q.exception_reason is null as "isWhole"
     from requester join request q using (tenant_id, request_id)
     where tenant_id = $1 and request_id = any ($2::uuid[]) order by requester_id`,
    [tx.tenantId, requestIds],
  );
}

/** The message by which the requester of this request is told it. */
export async function noticeTo(
  tx: Tx,
  requestId: string,
  notice: Notice,
): Promise<{ messageId: string; requestedAt: Date; expiresAt: Date } | undefined> {
  const [row] = await tx.query<{ messageId: string; requestedAt: Date; expiresAt: Date }>(
    `select n.message_id as "messageId", n.requested_at as "requestedAt", n.expires_at as "expiresAt"
     from requester r join requester_notice n using (tenant_id, requester_id)
     where r.tenant_id = $1 and r.request_id = $2 and n.notice = $3`,
    [tx.tenantId, requestId, notice],
  );
  return row;
}

export async function addNotice(
  tx: Tx,
  notice: { messageId: string; requesterId: string; notice: Notice; requestedAt: Date; expiresAt: Date },
): Promise<void> {
  await tx.execute(
    `insert into requester_notice (tenant_id, message_id, requester_id, notice, requested_at, expires_at)
     values ($1, $2, $3, $4, $5, $6)`,
    [
      ...[tx.tenantId, notice.messageId, notice.requesterId],
      ...[notice.notice, notice.requestedAt, notice.expiresAt],
    ],
  );
}

/** What is known of a requester and of what they are to be told. */
export interface Told {
  address: Buffer | null;
  expiresAt: Date | null;
  requestId: string;
  right: Right;
  receivedAt: Date;
  dueAt: Date;
  refusalGround: string | null;
  /** Of the hold that they may be told of. */
  holdGround: string | null;
  objects: boolean;
}

/** In the order asked. */
export function toldTo(tx: Tx, asked: readonly { attemptId: string; contactId: string }[]): Promise<Told[]> {
  return tx.query<Told>(
    `select r.address, n.expires_at as "expiresAt", q.request_id as "requestId", q.asked_right as "right",
       q.received_at as "receivedAt", q.due_at as "dueAt", q.refusal_ground as "refusalGround", q.objects,
       (select h.ground from hold h
        where h.tenant_id = $1 and h.subject_id = q.subject_id and not h.without_telling
        order by h.released_at desc nulls first, h.placed_at limit 1) as "holdGround"
     from unnest($2::uuid[], $3::uuid[]) with ordinality as a (attempt_id, requester_id, no)
     left join requester r on r.tenant_id = $1 and r.requester_id = a.requester_id
     left join requester_notice n on n.tenant_id = $1 and n.message_id = a.attempt_id
       and n.requester_id = a.requester_id
     left join request q on q.tenant_id = $1 and q.request_id = r.request_id
     order by a.no`,
    [tx.tenantId, asked.map(({ attemptId }) => attemptId), asked.map(({ contactId }) => contactId)],
  );
}

export async function forgetRequester(tx: Tx, requesterId: string): Promise<void> {
  const who = [tx.tenantId, requesterId];
  await tx.execute('delete from permit where tenant_id = $1 and subject_id = $2', who);
  await tx.execute('delete from requester_notice where tenant_id = $1 and requester_id = $2', who);
  await tx.execute('delete from requester where tenant_id = $1 and requester_id = $2', who);
}
