import { type OutboxPosition } from './outbox-position.js';
import { type OutboxRow } from './outbox-row.js';

/** What the reader needs of a connection: the relay's own, or one to another service's database. */
export interface Queryable {
  query(query: { name: string; text: string; values: unknown[] }): Promise<{ rows: unknown[] }>;
}

export interface OutboxPage {
  /** In order of `seq`. */
  rows: OutboxRow[];
  next: OutboxPosition;
  /** The snapshot in which the rows are complete. */
  target: string;
}

/**
 * For every connection that reads an outbox. The planner takes 50 running transactions for granted (the estimate of
 * pg_snapshot_xip) and, where transactions are large, reads the whole day five times a second rather than the index.
 */
export const READER_OPTIONS = {
  seqscanOff: 'set enable_seqscan = off',
  asBefore: 'reset enable_seqscan',
  atConnect: '-c enable_seqscan=off',
};

// xid order is not key order: writers of one key exclude each other by a row lock that they take before they insert,
// so `seq` and commit agree within a key, and nothing else does.
const COLUMNS = `seq, id, tenant_id, type, topic, shard, key, subject, sequence, occurred_at, traceparent, payload`;
const UNSEEN = `(xid >= pg_snapshot_xmax($1::pg_snapshot) or xid = any (array(select pg_snapshot_xip($1::pg_snapshot))))`;
const WANTED = `($2::text[] is null or topic = any ($2))`;

// One statement, one snapshot: what is visible in it and was not in the last, together with its name. The rows are
// materialised before they are sorted: otherwise the planner walks the index on seq from its beginning.
const NEW_ROWS = `
  with fresh as materialized (
    select ${COLUMNS} from heed.outbox where ${UNSEEN} and ${WANTED} limit $3
  )
  select pg_current_snapshot()::text as snapshot, fresh.*
  from (select) as one left join fresh on true
  order by seq`;

const BOUNDS = `
  with fresh as materialized (select seq from heed.outbox where ${UNSEEN} and ${WANTED})
  select pg_current_snapshot()::text as snapshot, min(seq) as first, max(seq) as last from fresh`;

// A stretch of numbers and not a count of rows, so that the plan is a range of the index on seq, whatever else is
// true: sorting what is left of 1 M rows for every page took a thousand times longer than the page.
const STRETCH = `
  select ${COLUMNS} from heed.outbox
  where ${UNSEEN} and ${WANTED} and seq > $3 and seq <= $4 and pg_visible_in_snapshot(xid, $5::pg_snapshot)
  order by seq`;

/** What lies beyond `position`, at most about `limit` rows of it; of the given topics only, when there are any. */
export async function readOutbox(
  connection: Queryable,
  position: OutboxPosition,
  limit: number,
  topics: string[] | null = null,
): Promise<OutboxPage> {
  if (position.walk) return readStretch(connection, position, position.walk, limit, topics);
  const { rows } = await connection.query({
    name: 'outbox-new',
    text: NEW_ROWS,
    values: [position.snapshot, topics, limit + 1],
  });
  const found = rows as (RawRow & { snapshot: string })[];
  const snapshot = found[0]?.snapshot ?? position.snapshot;
  const fresh = found.filter((row) => row.seq !== null);
  if (fresh.length <= limit) return { rows: fresh.map(toRow), next: { snapshot }, target: snapshot };
  const bounds = await connection.query({
    name: 'outbox-bounds',
    text: BOUNDS,
    values: [position.snapshot, topics],
  });
  const [bound] = bounds.rows as [{ snapshot: string; first: string; last: string }];
  const walk = { target: bound.snapshot, seq: BigInt(bound.first) - 1n, until: BigInt(bound.last) };
  return readStretch(connection, { snapshot: position.snapshot, walk }, walk, limit, topics);
}

async function readStretch(
  connection: Queryable,
  { snapshot }: OutboxPosition,
  { target, seq, until }: NonNullable<OutboxPosition['walk']>,
  limit: number,
  topics: string[] | null,
): Promise<OutboxPage> {
  const end = seq + BigInt(limit) < until ? seq + BigInt(limit) : until;
  const { rows } = await connection.query({
    name: 'outbox-stretch',
    text: STRETCH,
    values: [snapshot, topics, seq.toString(), end.toString(), target],
  });
  return {
    rows: (rows as RawRow[]).map(toRow),
    next: end === until ? { snapshot: target } : { snapshot, walk: { target, seq: end, until } },
    target,
  };
}

interface RawRow {
  seq: string;
  id: string;
  tenant_id: string;
  type: string;
  topic: string;
  shard: number;
  key: string;
  subject: string | null;
  sequence: string | null;
  occurred_at: Date;
  traceparent: string | null;
  payload: Buffer;
}

function toRow(raw: RawRow): OutboxRow {
  return {
    seq: BigInt(raw.seq),
    id: raw.id,
    tenantId: raw.tenant_id,
    type: raw.type,
    topic: raw.topic,
    shard: raw.shard,
    key: raw.key,
    subject: raw.subject,
    sequence: raw.sequence === null ? null : BigInt(raw.sequence),
    occurredAt: raw.occurred_at,
    traceparent: raw.traceparent,
    payload: raw.payload,
  };
}
