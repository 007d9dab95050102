-- breaking: no · reason: services that are none of the platform's take part in data rights
create table participant (
  name text primary key check (name ~ '^[a-z][a-z0-9-]{1,39}$'),
  key_id text not null unique check (key_id ~ '^[0-9a-f]{16}$'),
  public_key bytea not null check (length(public_key) = 32),
  -- Otherwise those of participant_tenant.
  all_tenants boolean not null,
  enrolled_at timestamptz not null,
  -- Position of the last batch issued to it, and of the last that it was handed.
  issued bigint not null default 0,
  handed bigint not null default 0,
  seen_at timestamptz,
  -- Its own signed word that it holds nothing any more. Requests that began before still wait for it.
  retired_at timestamptz,
  retirement bytea,
  retirement_signature bytea,
  check ((retired_at is null) = (retirement is null) and (retired_at is null) = (retirement_signature is null))
);
select heed.infrastructure('participant', 'service');

create table participant_tenant (
  name text not null references participant (name),
  tenant_id uuid not null,
  primary key (name, tenant_id)
);
select heed.infrastructure('participant_tenant', 'service');

-- Batches in the order in which a participant is handed them: positions without a gap, given under one lock, so that who
-- has come to one has missed none before it. A batch that is asked again has a second position.
create table participant_delivery (
  name text not null references participant (name),
  position bigint not null check (position > 0),
  tenant_id uuid not null,
  -- NULL once the record of its requests was forgotten: the position stays until all before it have gone.
  batch_id uuid,
  issued_at timestamptz not null,
  answered_at timestamptz,
  primary key (name, position)
);
create index participant_delivery_batch on participant_delivery (tenant_id, batch_id, name);
create index participant_delivery_unanswered on participant_delivery (name, issued_at) where answered_at is null;
select heed.infrastructure('participant_delivery', 'service');
