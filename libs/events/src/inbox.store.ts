import { type Statements } from '@heed/postgres';
import { streamKey, type Cursor, type Delivery, type Stream } from './bus.js';

/** One stream's step: from where it must stand to where it goes, and the last event on the way. */
export interface Move {
  stream: Stream;
  from: string;
  to: string;
  eventId: string | null;
  offset: string;
}

const MOVE_CURSORS = {
  name: 'inbox-move',
  text: `update heed.inbox_cursor c
   set position = m.next, witness = m.event_id, witness_offset = m.at_offset, moved_at = $2
   from unnest($3::text[], $4::int[], $5::text[], $6::text[], $7::uuid[], $8::bigint[])
     m (topic, partition, old, next, event_id, at_offset)
   where c.consumer = $1 and c.topic = m.topic and c.partition = m.partition and c.position = m.old`,
};

/**
 * Moves the cursors, all or none of them: answers false when one does not stand where its records begin. First
 * statement of the transaction, so that a second member with the same records waits here and then learns of it.
 */
export async function moveCursors(
  tx: Statements,
  consumer: string,
  moves: readonly Move[],
  at: Date,
): Promise<boolean> {
  const moved = await tx.execute(MOVE_CURSORS, [
    consumer,
    at,
    moves.map((move) => move.stream.topic),
    moves.map((move) => move.stream.partition),
    moves.map((move) => move.from),
    moves.map((move) => move.to),
    moves.map((move) => move.eventId),
    moves.map((move) => move.offset),
  ]);
  return moved === moves.length;
}

/** Moves a cursor past records of no concern; its witness stays the last record that was one. */
export async function passCursor(
  tx: Statements,
  consumer: string,
  stream: Stream,
  from: string,
  to: string,
  at: Date,
): Promise<boolean> {
  const moved = await tx.execute(
    `update heed.inbox_cursor set position = $5, moved_at = $6
     where consumer = $1 and topic = $2 and partition = $3 and position = $4`,
    [consumer, stream.topic, stream.partition, from, to, at],
  );
  return moved === 1;
}

/** The cursors of these streams, by stream; those that are not known yet are missing. */
export async function readCursors(
  tx: Statements,
  consumer: string,
  streams: readonly Stream[],
): Promise<Map<string, Cursor>> {
  const rows = await tx.query<{
    topic: string;
    partition: number;
    position: string;
    witness: string | null;
    witness_offset: string | null;
    replay_end: string | null;
    replay_at: Date | null;
  }>(
    `select c.topic, c.partition, c.position, c.witness, c.witness_offset, e.position as replay_end, e.at as replay_at
     from heed.inbox_cursor c
     join unnest($2::text[], $3::int[]) s (topic, partition) using (topic, partition)
     left join heed.replay_end e using (consumer, topic, partition)
     where c.consumer = $1`,
    [consumer, streams.map(({ topic }) => topic), streams.map(({ partition }) => partition)],
  );
  return new Map(
    rows.map(({ position, witness, witness_offset: offset, replay_end: end, replay_at: at, ...stream }) => [
      streamKey(stream),
      {
        position,
        ...(end === null || at === null ? {} : { replayEnd: { position: end, at } }),
        ...(witness === null || offset === null
          ? {}
          : { witness: { eventId: witness, offset: BigInt(offset) } }),
      },
    ]),
  );
}

/** Only for what readCursors did not find: ON CONFLICT waits for whoever is moving a cursor that exists. */
export async function beginCursors(
  tx: Statements,
  consumer: string,
  streams: readonly { stream: Stream; beginning: string }[],
  at: Date,
): Promise<void> {
  await tx.execute(
    `insert into heed.inbox_cursor (consumer, topic, partition, position, moved_at)
     select $1, s.topic, s.partition, s.beginning, $2
     from unnest($3::text[], $4::int[], $5::text[]) s (topic, partition, beginning)
     on conflict do nothing`,
    [
      consumer,
      at,
      streams.map(({ stream }) => stream.topic),
      streams.map(({ stream }) => stream.partition),
      streams.map(({ beginning }) => beginning),
    ],
  );
}

const TAKE_NEW = {
  name: 'inbox-take',
  text: `insert into heed.inbox (consumer, event_id, received_at)
   select $1, id, $2 from unnest($3::uuid[]) id
   on conflict do nothing
   returning event_id`,
};

/** Writes down what is being handled and answers which of it is new. */
export async function takeNew(
  tx: Statements,
  consumer: string,
  eventIds: readonly string[],
  at: Date,
): Promise<Set<string>> {
  if (eventIds.length === 0) return new Set();
  const rows = await tx.query<{ event_id: string }>(TAKE_NEW, [consumer, at, eventIds]);
  return new Set(rows.map((row) => row.event_id));
}

/** Those of the keys that stand still, locked: a replay that would set one going waits for us, or we for it. */
export async function lockParkedKeys(
  tx: Statements,
  consumer: string,
  keys: readonly { topic: string; key: string }[],
): Promise<{ topic: string; key: string }[]> {
  if (keys.length === 0) return [];
  return tx.query(
    `select k.topic, k.key from heed.parked_key k
     join (select distinct topic, key from unnest($2::text[], $3::text[]) u (topic, key)) asked using (topic, key)
     where k.consumer = $1
     order by k.topic, k.key
     for update of k`,
    [consumer, keys.map(({ topic }) => topic), keys.map(({ key }) => key)],
  );
}

export interface Parking {
  delivery: Delivery;
  eventId: string | null;
  reason: string;
  sqlstate: string | null;
}

export async function park(
  tx: Statements,
  consumer: string,
  parkings: readonly Parking[],
  at: Date,
): Promise<void> {
  if (parkings.length === 0) return;
  const topics = parkings.map(({ delivery }) => delivery.origin.topic);
  const keys = parkings.map(({ delivery }) => delivery.key);
  await tx.execute(
    `insert into heed.parked_key (consumer, topic, key, since)
     select distinct $1, topic, key, $2::timestamptz from unnest($3::text[], $4::text[]) u (topic, key)
     on conflict do nothing`,
    [consumer, at, topics, keys],
  );
  await tx.execute(
    `insert into heed.parked
       (consumer, parked_at, topic, key, partition, "offset", event_id, headers, payload, reason, sqlstate)
     select $1, $2, p.*
     from unnest($3::text[], $4::text[], $5::int[], $6::text[], $7::uuid[], $8::jsonb[], $9::bytea[],
                 $10::text[], $11::text[]) p`,
    [
      consumer,
      at,
      topics,
      keys,
      parkings.map(({ delivery }) => delivery.origin.partition),
      parkings.map(({ delivery }) => delivery.origin.offset),
      parkings.map(({ eventId }) => eventId),
      parkings.map(({ delivery }) => JSON.stringify(delivery.headers)),
      parkings.map(({ delivery }) => delivery.payload),
      parkings.map(({ reason }) => reason),
      parkings.map(({ sqlstate }) => sqlstate),
    ],
  );
}

/** What the fence kept out, whether PostgreSQL refused it or a handler dropped it after it had locked its subjects. */
export async function countRefused(
  tx: Statements,
  consumer: string,
  reason: string,
  at: Date,
  n = 1,
): Promise<void> {
  if (n === 0) return;
  await tx.execute(
    `insert into heed.refused as r (consumer, reason, n, last_at) values ($1, $2, $4, $3)
     on conflict (consumer, reason) do update set n = r.n + excluded.n, last_at = excluded.last_at`,
    [consumer, reason, at, n],
  );
}
