-- breaking: no · reason: a tenant's own rules: how often, and when, people may be contacted
create table contact_rules (
  tenant_id uuid not null primary key,
  -- Raised by each change. Whoever judges knows one version, and the statement that issues looks whether it is this one.
  version bigint not null,
  updated_at timestamptz not null
);
select heed.walled('contact_rules');

create table frequency_cap (
  tenant_id uuid not null,
  position smallint not null,
  -- Empty: all.
  channel text not null check (channel in ('', 'email', 'voice')),
  purpose text not null check (purpose ~ '^([a-z][a-z0-9_-]{0,62})?$'),
  most integer not null check (most > 0),
  -- Permits are kept 35 days.
  period_hours integer not null check (period_hours between 1 and 816),
  primary key (tenant_id, position),
  constraint frequency_cap_once unique (tenant_id, channel, purpose, period_hours)
);
select heed.walled('frequency_cap');

create table contact_hours (
  tenant_id uuid not null,
  position smallint not null,
  channel text not null check (channel in ('', 'email', 'voice')),
  purpose text not null check (purpose ~ '^([a-z][a-z0-9_-]{0,62})?$'),
  -- 1 (Monday) to 7; empty: all.
  days smallint[] not null,
  opens_minute smallint not null check (opens_minute between 0 and 1439),
  closes_minute smallint not null check (closes_minute between 1 and 1440),
  time_zone text not null,
  primary key (tenant_id, position),
  constraint contact_hours_end check (opens_minute < closes_minute)
);
select heed.walled('contact_hours');

-- A permit that was not used and gave its place under a cap back. The only thing about it that ever changes.
alter table permit add column returned_at timestamptz;

do $$
begin
  execute format('grant update (returned_at) on permit to %I', heed.role('service'));
  execute format('revoke delete on contact_rules from %I', heed.role('service'));
end
$$;
