-- breaking: no · reason: requests, and what was given to find the person by
-- A request's own record names its person by id and stands outside the fence: it is kept 24 months to account for it
-- (LAW: 11 CCR 7101) and must be served all that time, which rows that a fence retains cannot be.
create table request (
  tenant_id uuid not null,
  request_id uuid not null,
  asked_right text not null check (asked_right in ('ERASURE', 'ACCESS')),
  state text not null check (state in ('FANNED_OUT', 'PROBING', 'CLOSING', 'COMPLETED', 'NEEDS_ATTENTION')),
  subject_id uuid not null,
  subject_kind text not null check (subject_kind in ('contact', 'member')),
  objects boolean not null,
  verification text not null check (verification ~ '^[a-z_]{1,40}$'),
  taken_by uuid not null,
  handle uuid,
  received_at timestamptz not null,
  due_at timestamptz not null,
  closed_at timestamptz,
  -- What the log is told when the request is closed, and the leaf that committed to it.
  closing_statement bytea,
  closing_salt bytea check (length(closing_salt) = 32),
  closing_leaf bigint,
  primary key (tenant_id, request_id)
);
-- One open request of a right about a person: intake is idempotent whoever repeats it.
create unique index request_open on request (tenant_id, subject_id, asked_right) where closed_at is null;
select heed.walled('request');

-- The manifest of each service as it was when the request began: what must answer cannot shrink under way.
create table request_pin (
  tenant_id uuid not null,
  request_id uuid not null,
  service text not null check (service ~ '^[a-z][a-z0-9-]{0,39}$'),
  manifest_version text not null check (manifest_version ~ '^[0-9a-f]{64}$'),
  primary key (tenant_id, request_id, service),
  foreign key (tenant_id, request_id) references request (tenant_id, request_id)
);
select heed.walled('request_pin');

-- Every store that must answer, and what it has answered.
create table request_store (
  tenant_id uuid not null,
  request_id uuid not null,
  service text not null,
  store text not null check (store ~ '^[a-z][a-z0-9-]*\.[a-z0-9_.-]{1,120}$'),
  outcome text check (outcome ~ '^[A-Z_]{1,40}$'),
  count bigint,
  detail text,
  digest bytea,
  answered_at timestamptz,
  probe text check (probe ~ '^[A-Z_]{1,40}$'),
  primary key (tenant_id, request_id, store),
  foreign key (tenant_id, request_id) references request (tenant_id, request_id)
);
select heed.walled('request_store');

-- Who was erased, written before anything is destroyed: what a restored backup must be told again.
create table erasure_ledger (
  tenant_id uuid not null,
  entry_no bigint generated always as identity,
  subject_id uuid not null,
  request_id uuid not null,
  at timestamptz not null,
  primary key (tenant_id, entry_no)
);
select heed.walled('erasure_ledger');
do $$
begin
  execute format('revoke update, delete on erasure_ledger from %s',
    (select string_agg(quote_ident(r), ', ' order by r) from heed.roles('service', 'eraser') r));
end
$$;

-- Addresses that the person gave, sealed under their own key: they go with the person, and at the request's end.
create table request_identifier (
  tenant_id uuid not null,
  identifier_id uuid not null,
  request_id uuid not null,
  handle uuid not null,
  subject_id uuid not null,
  channel text not null check (channel in ('email', 'voice')),
  address bytea,
  primary key (tenant_id, identifier_id)
);
create index request_identifier_handle on request_identifier (tenant_id, handle);
select heed.fenced('request_identifier', subject => 'subject_id', personal => array['address']);
