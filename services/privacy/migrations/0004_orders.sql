-- breaking: no · reason: orders to the services, signed in batches, and what they answered
-- The last number of the orders about a person. Its row is what two requests about one person meet at.
create table order_counter (
  tenant_id uuid not null,
  subject_id uuid not null,
  last_number bigint not null,
  primary key (tenant_id, subject_id)
);
select heed.walled('order_counter');

create table subject_order (
  tenant_id uuid not null,
  order_id uuid not null,
  request_id uuid not null,
  subject_id uuid not null,
  order_number bigint not null,
  action text not null check (action in ('ERASE', 'PROBE', 'ACCESS')),
  -- NULL until it is sealed into a signed batch.
  batch_id uuid,
  created_at timestamptz not null,
  -- All services have answered: the next order about this person may go out.
  answered_at timestamptz,
  primary key (tenant_id, order_id),
  constraint subject_order_number unique (tenant_id, subject_id, order_number),
  foreign key (tenant_id, request_id) references request (tenant_id, request_id)
);
create index subject_order_unsealed on subject_order (tenant_id, action, created_at) where batch_id is null;
create index subject_order_batch on subject_order (tenant_id, batch_id);
create index subject_order_request on subject_order (tenant_id, request_id);
select heed.walled('subject_order');

create table issued_batch (
  tenant_id uuid not null,
  batch_id uuid not null,
  action text not null,
  -- The encoded OrdersIssued, as it was published and as it is published again.
  issued bytea not null,
  services text[] not null,
  issued_at timestamptz not null,
  asked integer not null default 1,
  primary key (tenant_id, batch_id)
);
select heed.walled('issued_batch');

-- A service's receipt for a batch. It counts once its openings were fetched and verified, and its leaf is in the log.
create table batch_receipt (
  tenant_id uuid not null,
  batch_id uuid not null,
  service text not null,
  receipt_id uuid not null,
  -- The encoded Receipt.
  receipt bytea not null,
  received_at timestamptz not null,
  verified_at timestamptz,
  leaf bigint,
  primary key (tenant_id, batch_id, service),
  constraint batch_receipt_id unique (tenant_id, receipt_id),
  foreign key (tenant_id, batch_id) references issued_batch (tenant_id, batch_id)
);
select heed.walled('batch_receipt');

create table opening (
  tenant_id uuid not null,
  order_id uuid not null,
  service text not null,
  leaf_index integer not null,
  salt bytea not null check (length(salt) = 32),
  statement bytea not null,
  path bytea[] not null,
  primary key (tenant_id, order_id, service),
  foreign key (tenant_id, order_id) references subject_order (tenant_id, order_id)
);
select heed.walled('opening');

-- Manifests as services have signed them. No tenant's data: what is stored, not whose.
create table manifest (
  service text not null,
  version text not null check (version ~ '^[0-9a-f]{64}$'),
  content bytea not null,
  signature bytea not null,
  key_id text not null,
  seen_at timestamptz not null,
  primary key (service, version)
);
select heed.infrastructure('manifest', 'service');
