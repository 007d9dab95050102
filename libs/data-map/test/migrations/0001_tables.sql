-- breaking: no · reason: tables that match people.entity.ts, for the spec of the catalogue check
create table list (
  tenant_id uuid not null,
  list_id uuid not null,
  name text not null,
  primary key (tenant_id, list_id)
);
select heed.walled('list');

create table endpoint (
  tenant_id uuid not null,
  endpoint_id uuid not null,
  contact_id uuid not null,
  address text not null,
  primary key (tenant_id, endpoint_id)
);
create index endpoint_lower on endpoint (tenant_id, lower(address));
select heed.fenced('endpoint', subject => 'contact_id', personal => array['address']);

create table message (
  tenant_id uuid not null,
  message_id uuid not null,
  contact_id uuid,
  agent_id uuid,
  body text,
  details jsonb,
  at timestamptz not null,
  primary key (tenant_id, message_id, at)
) partition by range (at);
select heed.fenced('message', subject => 'contact_id', personal => array['body', 'details'], retainable => true,
  also => 'agent_id');
select heed.partitioned_by_day('message', keep_days => 30);
select heed.ensure_day_partitions('message', '2026-11-23T00:00:00Z', 2);
