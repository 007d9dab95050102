-- breaking: no · reason: orders taken, and what was answered
-- Orders name people by id and stand outside the fence: they are what raises it.

-- A batch of orders as privacy signed it. It is carried out from these bytes.
create table heed.order_batch (
  tenant_id uuid not null,
  batch_id uuid not null,
  action text not null check (action in ('ERASE', 'PROBE', 'ACCESS')),
  -- The encoded OrdersIssued: ids, numbers, a signature.
  issued bytea not null,
  taken_at timestamptz not null,
  -- When rows were erased and the fence stood; the slow stores follow.
  fenced_at timestamptz,
  -- pg_snapshot_xmax right after that commit: a probe that begins once every transaction below it has ended sees
  -- whatever an unfenced writer had begun before the fence.
  fence_xid xid8,
  -- What held keys in memory may do so until then; nothing is signed before.
  caches_clear_at timestamptz,
  primary key (tenant_id, batch_id)
);
select heed.walled('heed.order_batch');

-- Each order, by the number that it has among those about its subject: an older number is never taken again.
create table heed.order_taken (
  tenant_id uuid not null,
  order_id uuid not null,
  batch_id uuid not null,
  request_id uuid not null,
  subject_id uuid not null,
  order_number bigint not null check (order_number > 0),
  action text not null,
  primary key (tenant_id, order_id),
  constraint order_taken_number unique (tenant_id, subject_id, order_number),
  foreign key (tenant_id, batch_id) references heed.order_batch (tenant_id, batch_id)
);
select heed.walled('heed.order_taken');

-- What each store answered so far. Complete before anything is signed.
create table heed.order_answer (
  tenant_id uuid not null,
  order_id uuid not null,
  store text not null check (store ~ '^[a-z][a-z0-9-]*\.[a-z0-9_.-]{1,120}$'),
  outcome text not null check (outcome ~ '^[A-Z_]{1,40}$'),
  count bigint not null check (count >= 0),
  detail text not null check (detail ~ '^[a-z0-9_]{0,60}$'),
  until timestamptz,
  digest bytea check (length(digest) = 32),
  primary key (tenant_id, order_id, store),
  foreign key (tenant_id, order_id) references heed.order_taken (tenant_id, order_id)
);
select heed.walled('heed.order_answer');

create table heed.receipt (
  tenant_id uuid not null,
  batch_id uuid not null,
  receipt_id uuid not null,
  action text not null,
  root bytea not null check (length(root) = 32),
  tree_size integer not null,
  manifest_version text not null check (manifest_version ~ '^[0-9a-f]{64}$'),
  signed_at timestamptz not null,
  key_id text not null check (key_id ~ '^[0-9a-f]{16}$'),
  signature bytea not null check (length(signature) = 64),
  primary key (tenant_id, batch_id),
  foreign key (tenant_id, batch_id) references heed.order_batch (tenant_id, batch_id)
);
select heed.walled('heed.receipt');

-- A statement names its subject by id and says how many rows there were, never what stood in them.
create table heed.receipt_opening (
  tenant_id uuid not null,
  order_id uuid not null,
  batch_id uuid not null,
  leaf_index integer not null,
  salt bytea not null check (length(salt) = 32),
  statement bytea not null,
  path bytea[] not null,
  primary key (tenant_id, order_id),
  foreign key (tenant_id, batch_id) references heed.receipt (tenant_id, batch_id)
);
create index receipt_opening_batch on heed.receipt_opening (tenant_id, batch_id, leaf_index);
select heed.walled('heed.receipt_opening');

-- Rows that a ground retains, until when: the purge looks here, not into every table.
create table heed.retention (
  tenant_id uuid not null,
  subject_id uuid not null,
  store text not null,
  ground text not null check (ground ~ '^[a-z][a-z0-9_]{1,60}$'),
  until timestamptz not null,
  primary key (tenant_id, subject_id, store)
);
select heed.walled('heed.retention');

-- What was taken is history: nobody who serves can alter or withdraw it.
do $$
declare
  relation text;
begin
  foreach relation in array array['order_taken', 'receipt', 'receipt_opening'] loop
    execute format('revoke update, delete on heed.%I from %s', relation,
      (select string_agg(quote_ident(r), ', ' order by r) from heed.roles('service', 'eraser') r));
  end loop;
end
$$;
