-- breaking: no · reason: erasures are passed on to those who work for the services, and their answers tracked
-- Who stands behind a store of kind processor, and how they are told: of one tenant, or (nil) of all others. Who is not
-- in here is told by a person.
create table processor (
  tenant_id uuid not null,
  -- As in answers: messaging.relay.
  store text not null check (store ~ '^[a-z][a-z0-9-]{0,39}\.[a-z0-9_.-]{1,120}$'),
  -- As the certificate names them.
  name text not null check (name ~ '^[^[:cntrl:]]{1,100}$'),
  how text not null check (how in ('OPENDSR', 'PERSON')),
  -- Of a deletion API (OpenDSR): where it is, and whose signatures are believed.
  url text not null default '' check (length(url) <= 500),
  domain text not null default '' check (length(domain) <= 253),
  certificate text not null default '' check (length(certificate) <= 8000),
  regulation text not null check (regulation in ('gdpr', 'ccpa')),
  -- Where a person reaches them.
  contact text not null default '' check (length(contact) <= 500),
  set_at timestamptz not null,
  primary key (tenant_id, store),
  check (how = 'PERSON' or (url <> '' and domain <> '' and certificate <> ''))
);
select heed.infrastructure('processor', 'service');

-- One erasure that a processor must be told of. Names nobody.
create table processor_order (
  tenant_id uuid not null,
  -- The number under which the processor knows it: no id of ours.
  processor_order_id uuid not null,
  request_id uuid not null,
  store text not null,
  name text not null,
  -- What of the person it was handed: email, voice.
  channels text[] not null,
  handed_over bigint not null check (handed_over > 0),
  state text not null check (state in ('NOT_TOLD', 'PENDING', 'IN_PROGRESS', 'COMPLETED', 'CANCELLED')),
  -- By whom it was told and answers: its own API, or a person who writes down what it said.
  said_by text check (said_by in ('PROCESSOR', 'PERSON')),
  reference text not null default '' check (reference ~ '^[ -~]{0,100}$'),
  created_at timestamptz not null,
  told_at timestamptz,
  expected_by timestamptz,
  answered_at timestamptz,
  -- Why the last try came to nothing, and how many came to nothing since one did not.
  problem text not null default '' check (problem ~ '^[A-Z_]{0,40}$'),
  failures integer not null default 0,
  needs_person boolean not null default false,
  primary key (tenant_id, processor_order_id),
  unique (tenant_id, request_id, store),
  check ((state = 'NOT_TOLD') = (told_at is null))
);
create index processor_order_person on processor_order (tenant_id, processor_order_id) where needs_person;
select heed.walled('processor_order');

-- What is said of it in certificates, each a leaf of the log: that it was told, and each answer since.
create table processor_answer (
  tenant_id uuid not null,
  processor_order_id uuid not null,
  answer_no integer not null check (answer_no > 0),
  statement bytea not null,
  salt bytea not null check (length(salt) = 32),
  leaf bigint,
  primary key (tenant_id, processor_order_id, answer_no),
  foreign key (tenant_id, processor_order_id) references processor_order (tenant_id, processor_order_id)
);
select heed.walled('processor_answer');
