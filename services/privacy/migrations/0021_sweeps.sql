-- breaking: no · reason: who was erased is searched for by value, in every column of every service, once a night
-- A search of all services. One at a time.
create table sweep (
  sweep_id uuid primary key,
  began_at timestamptz not null,
  ended_at timestamptz,
  requests integer not null check (requests > 0)
);
create unique index sweep_one on sweep ((true)) where ended_at is null;
select heed.infrastructure('sweep', 'service');

create table sweep_part (
  sweep_id uuid not null references sweep (sweep_id),
  service text not null,
  answered_at timestamptz,
  leaf bigint,
  found integer not null default 0,
  excepted integer not null default 0,
  primary key (sweep_id, service),
  check ((answered_at is null) = (leaf is null))
);
select heed.infrastructure('sweep_part', 'service');

-- Requests that wait for a sweep, or for what a person says of what the last one found. Read before a tenant is entered.
create table sweep_due (
  tenant_id uuid not null,
  request_id uuid not null,
  subject_id uuid not null,
  closed_at timestamptz not null,
  sweep_id uuid references sweep (sweep_id),
  primary key (tenant_id, request_id)
);
create index sweep_due_waiting on sweep_due (closed_at) where sweep_id is null;
create index sweep_due_sweep on sweep_due (sweep_id);
select heed.infrastructure('sweep_due', 'service');

-- What each service has signed about each request, the latest.
create table sweep_opening (
  tenant_id uuid not null,
  request_id uuid not null,
  service text not null,
  sweep_id uuid not null,
  leaf bigint not null,
  position integer not null,
  path bytea[] not null,
  salt bytea not null,
  statement bytea not null,
  primary key (tenant_id, request_id, service)
);
select heed.walled('sweep_opening');

-- A place that held what somebody was reached at who was erased, for a person to look at. Never what it was.
create table probe_hit (
  tenant_id uuid not null,
  hit_id uuid not null,
  request_id uuid not null,
  sweep_id uuid not null,
  service text not null,
  store text not null,
  column_name text not null,
  -- Ids and numbers of the row's key as JSON, or the name of an object.
  row_key text not null check (length(row_key) <= 2000),
  found_at timestamptz not null,
  resolution text check (resolution in ('removed', 'not_theirs')),
  reason text check (reason ~ '^[A-Za-z0-9._-]{1,60}$'),
  resolved_by text check (resolved_by ~ '^[a-z0-9-]{1,64}$'),
  resolved_at timestamptz,
  primary key (tenant_id, hit_id),
  check (num_nulls(resolution, reason, resolved_by, resolved_at) in (0, 4))
);
create unique index probe_hit_place on probe_hit (tenant_id, request_id, service, store, column_name, row_key);
create index probe_hit_open on probe_hit (tenant_id, hit_id) where resolution is null;
select heed.walled('probe_hit');
