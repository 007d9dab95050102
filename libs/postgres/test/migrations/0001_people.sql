-- breaking: no · reason: one table of every kind that the helpers make, for the specs of this lib
create table list (
  tenant_id uuid not null,
  list_id uuid not null,
  name text not null,
  primary key (tenant_id, list_id),
  unique (tenant_id, name)
);
select heed.walled('list');

-- Deleted with its person.
create table endpoint (
  tenant_id uuid not null,
  endpoint_id uuid not null,
  contact_id uuid not null,
  address text not null,
  primary key (tenant_id, endpoint_id)
);
create index endpoint_address on endpoint (tenant_id, lower(address));
select heed.fenced('endpoint', subject => 'contact_id', personal => array['address']);

-- Cut off from its person, or retained on a legal ground.
create table note (
  tenant_id uuid not null,
  note_id uuid not null,
  contact_id uuid,
  body text,
  details jsonb,
  primary key (tenant_id, note_id)
);
select heed.fenced('note', subject => 'contact_id', personal => array['body', 'details'], retainable => true);

-- Two people: the one who was called, and the agent.
create table call (
  tenant_id uuid not null,
  call_id uuid not null,
  contact_id uuid,
  agent_id uuid,
  summary text,
  primary key (tenant_id, call_id)
);
select heed.fenced('call', subject => 'contact_id', personal => array['summary'], retainable => true, also => 'agent_id');

-- By day.
create table permit (
  tenant_id uuid not null,
  permit_id uuid not null,
  contact_id uuid not null,
  address_hash bytea,
  at timestamptz not null,
  primary key (tenant_id, permit_id, at)
) partition by range (at);
select heed.fenced('permit', subject => 'contact_id', personal => array['address_hash'], retainable => true);
select heed.partitioned_by_day('permit', keep_days => 35);

create table staged_row (
  tenant_id uuid not null,
  import_id uuid not null,
  line text not null,
  address text
);
select heed.staging('staged_row');

create table lease (
  name text primary key,
  holder uuid
);
select heed.infrastructure('lease');
