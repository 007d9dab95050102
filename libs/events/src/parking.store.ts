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
  partition: number;
  offset: string;
  eventId: string | null;
  /** As its header says; `[withheld]` where that is no name of a type. */
  type: string | null;
  reason: string;
  sqlstate: string | null;
  attempts: number;
  /** Somebody has asked for it to be tried again, and that has not been done yet. */
  replayAskedAt: Date | null;
}

export async function listParkedKeys(
  tx: Pick<Statements, 'query'>,
  consumer: string | null,
  limit: number,
): Promise<ParkedKey[]> {
  const rows = await tx.query<{
    consumer: string;
    topic: string;
    key: string;
    since: Date;
    waiting: number;
    partition: number;
    offset: string;
    event_id: string | null;
    type: string | null;
    reason: string;
    sqlstate: string | null;
    attempts: number;
    replay_asked_at: Date | null;
  }>(
    `select k.consumer, k.topic, k.key, k.since, k.replay_asked_at, n.waiting, p.partition, p."offset", p.event_id,
            p.headers ->> 'ce_type' as type, p.reason, p.sqlstate, p.attempts
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
  return rows.map(({ event_id: eventId, replay_asked_at: replayAskedAt, ...row }) => ({
    ...row,
    eventId,
    replayAskedAt,
  }));
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

/** Marks keys of a consumer to be tried again; all of them without a key. As the owner. Answers how many. */
export function askForReplay(
  tx: Pick<Statements, 'execute'>,
  consumer: string,
  which: { topic?: string; key?: string },
  at: Date,
): Promise<number> {
  return tx.execute(
    `update heed.parked_key set replay_asked_at = $4
     where consumer = $1 and ($2::text is null or topic = $2) and ($3::text is null or key = $3)`,
    [consumer, which.topic ?? null, which.key ?? null, at],
  );
}

export interface AskedReplay {
  consumer: string;
  topic: string;
  key: string;
  askedAt: string;
}

/** As text: a time of the driver has milliseconds, and a mark is compared with itself. */
export function askedReplays(tx: Statements, consumers: readonly string[]): Promise<AskedReplay[]> {
  return tx.query<AskedReplay>(
    `select consumer, topic, key, replay_asked_at::text as "askedAt" from heed.parked_key
     where replay_asked_at is not null and consumer = any ($1)
     order by replay_asked_at limit 100`,
    [consumers],
  );
}

export function forgetAsked(
  tx: Statements,
  consumer: string,
  topic: string,
  key: string,
  askedAt: string,
): Promise<number> {
  return tx.execute(
    `update heed.parked_key set replay_asked_at = null
     where consumer = $1 and topic = $2 and key = $3 and replay_asked_at = $4::timestamptz`,
    [consumer, topic, key, askedAt],
  );
}
