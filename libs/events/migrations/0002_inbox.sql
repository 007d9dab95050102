-- breaking: no · reason: what a service has taken in from the others
-- Ids, positions and counts; no table here has a tenant's data behind a wall of its own, because one transaction of a
-- consumer handles the events of many tenants. The tables are declared in data-map.ts.

-- How far each consumer group is in each partition, in the same database as what it did: the offset kept by Kafka
-- serves lag tools only. `witness` is the last event and where it stood: after a restart that record must still be
-- there and bear that id, else the topic is another one than we left.
create table heed.inbox_cursor (
  consumer text not null,
  topic text not null,
  partition integer not null,
  position text not null,
  witness uuid,
  witness_offset bigint,
  moved_at timestamptz not null,
  primary key (consumer, topic, partition)
)
-- A hot row: its next version stays on the page.
with (fillfactor = 50);

-- What has been handled. Partitioned by the time that a UUIDv7 begins with, not by a column of its own: the primary
-- key, which is what holds "effective exactly once", must contain the partition's key.
create table heed.inbox (
  consumer text not null,
  event_id uuid not null,
  received_at timestamptz not null,
  primary key (event_id, consumer)
) partition by range (event_id);

-- Ids of other makes, and days that nobody made a partition for.
create table heed.inbox_other partition of heed.inbox default;

create function heed.first_id_of(day date) returns uuid
  language sql immutable
  return (lpad(to_hex((extract(epoch from day) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid;

-- Makes the days around now, and drops those whose ids are older than `keep_days`. A resend can come from an outbox
-- only, which keeps 7 days: twice that is kept. Returns how many were dropped.
create function heed.tend_inbox(keep_days integer default 14) returns integer
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set lock_timeout = '3s'
  set timezone = 'UTC'
as $$
declare
  today date := clock_timestamp()::date;
  day date;
  part text;
  dropped integer := 0;
begin
  perform pg_advisory_xact_lock(hashtextextended('heed.tend_inbox', 0));
  for day in select generate_series(today - 1, today + 7, interval '1 day')::date loop
    part := format('heed.inbox_d%s', to_char(day, 'YYYYMMDD'));
    continue when to_regclass(part) is not null;
    -- Ids of that day that already lie in the default partition keep their place: a duplicate must find them there.
    continue when exists (
      select 1 from heed.inbox_other
      where event_id >= heed.first_id_of(day) and event_id < heed.first_id_of(day + 1));
    -- ATTACH and not PARTITION OF, which locks the parent against every handler.
    execute format('create table %s (like heed.inbox including all)', part);
    execute format('alter table heed.inbox attach partition %s for values from (%L) to (%L)',
      part, heed.first_id_of(day), heed.first_id_of(day + 1));
  end loop;
  for part in
    select c.oid::regclass::text from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'heed.inbox'::regclass and c.relname ~ '_d\d{8}$'
      and to_date(right(c.relname, 8), 'YYYYMMDD') < today - keep_days
  loop
    execute format('drop table %s', part);
    dropped := dropped + 1;
  end loop;
  delete from heed.inbox_other where received_at < today - keep_days;
  return dropped;
end
$$;
select heed.tend_inbox();

-- A key of a topic that stands still for a consumer, because one of its events could not be handled. Its row is the
-- lock between the consumer, which queues later events behind, and a replay, which takes the last away.
create table heed.parked_key (
  consumer text not null,
  topic text not null,
  key text not null,
  since timestamptz not null,
  primary key (consumer, topic, key)
);

-- The events of such keys, in order of `id`. Payloads hold ids only (I3), as in the topic they came from.
create table heed.parked (
  id bigint generated always as identity primary key,
  consumer text not null,
  topic text not null,
  partition integer not null,
  "offset" text not null,
  key text not null,
  event_id uuid,
  headers jsonb not null,
  payload bytea not null,
  -- A code, never an error's text.
  reason text not null check (reason ~ '^[A-Z][A-Z0-9_]{0,63}$'),
  sqlstate text check (sqlstate ~ '^[0-9A-Z]{5}$'),
  attempts integer not null default 1,
  parked_at timestamptz not null,
  foreign key (consumer, topic, key) references heed.parked_key (consumer, topic, key)
);
create index parked_by_key on heed.parked (consumer, topic, key, id);

-- What the fence refused: counted, neither handled nor kept.
create table heed.refused (
  consumer text not null,
  reason text not null,
  n bigint not null default 0,
  last_at timestamptz not null,
  primary key (consumer, reason)
);

call heed.grant_to('select, insert, update', 'heed.inbox_cursor, heed.refused', 'service', 'eraser', 'relay');
call heed.grant_to('select, insert', 'heed.inbox', 'service', 'eraser', 'relay');
call heed.grant_to('select, insert, update, delete', 'heed.parked_key, heed.parked', 'service', 'eraser', 'relay');
call heed.grant_to('select',
  'heed.inbox_cursor, heed.inbox, heed.parked_key, heed.parked, heed.refused', 'probe');
call heed.grant_to('execute', 'function heed.tend_inbox(integer)', 'relay');
