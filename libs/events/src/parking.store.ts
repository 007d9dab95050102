import { type Statements } from '@heed/postgres';
import { type Delivery } from './bus.js';
import { type Headers } from './cloud-events.js';

/** A key that stands still, and why. */
export interface ParkedKey {
  consumer: string;
  topic: string;
  key: string;
  since: Date;
  /** Events that wait, the one that could not be handled included. */
  waiting: number;
  /** Of the first of them. */
  eventId: string | null;
  reason: string;
  sqlstate: string | null;
  attempts: number;
}

export async function listParkedKeys(
  tx: Statements,
  consumer: string | null,
  limit: number,
): Promise<ParkedKey[]> {
  const rows = await tx.query<{
    consumer: string;
    topic: string;
    key: string;
    since: Date;
    waiting: number;
    event_id: string | null;
    reason: string;
    sqlstate: string | null;
    attempts: number;
  }>(
    `select k.consumer, k.topic, k.key, k.since, n.waiting, p.event_id, p.reason, p.sqlstate, p.attempts
     from heed.parked_key k
     cross join lateral (
       select count(*)::int as waiting, min(id) as first from heed.parked
       where consumer = k.consumer and topic = k.topic and key = k.key
     ) n
     join heed.parked p on p.id = n.first
     where $1::text is null or k.consumer = $1
     order by k.since, k.consumer, k.topic, k.key
     limit $2`,
    [consumer, limit],
  );
  return rows.map(({ event_id: eventId, ...row }) => ({ ...row, eventId }));
}

/** Stops the consumer at this key until we are done; false when the key does not stand still (any more). */
export async function lockParkedKey(
  tx: Statements,
  consumer: string,
  topic: string,
  key: string,
): Promise<boolean> {
  const locked = await tx.execute(
    `select 1 from heed.parked_key where consumer = $1 and topic = $2 and key = $3 for update`,
    [consumer, topic, key],
  );
  return locked === 1;
}

export async function firstParked(
  tx: Statements,
  consumer: string,
  topic: string,
  key: string,
): Promise<{ id: string; delivery: Delivery } | undefined> {
  const [row] = await tx.query<{
    id: string;
    partition: number;
    offset: string;
    headers: Headers;
    payload: Buffer;
  }>(
    `select id, partition, "offset", headers, payload from heed.parked
     where consumer = $1 and topic = $2 and key = $3
     order by id
     limit 1`,
    [consumer, topic, key],
  );
  if (row === undefined) return undefined;
  const { id, partition, offset, headers, payload } = row;
  const delivery: Delivery = {
    stream: { topic, partition },
    from: offset,
    to: offset,
    origin: { topic, partition, offset },
    key,
    headers,
    payload,
    replayed: false,
  };
  return { id, delivery };
}

/** Takes the event out; with the last one the key goes on. Answers how many still wait. */
export async function releaseParked(
  tx: Statements,
  id: string,
  consumer: string,
  topic: string,
  key: string,
): Promise<number> {
  await tx.execute(`delete from heed.parked where id = $1`, [id]);
  const [row] = await tx.query<{ left: number }>(
    `select count(*)::int as left from heed.parked where consumer = $1 and topic = $2 and key = $3`,
    [consumer, topic, key],
  );
  const left = row?.left ?? 0;
  if (left === 0) {
    await tx.execute(`delete from heed.parked_key where consumer = $1 and topic = $2 and key = $3`, [
      consumer,
      topic,
      key,
    ]);
  }
  return left;
}

export async function keepParked(
  tx: Statements,
  id: string,
  reason: string,
  sqlstate: string | null,
): Promise<void> {
  await tx.execute(
    `update heed.parked set attempts = attempts + 1, reason = $2, sqlstate = $3 where id = $1`,
    [id, reason, sqlstate],
  );
}
