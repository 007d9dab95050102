-- breaking: no · reason: people, their addresses, their lists, and what must never be written to again
create table contact (
  tenant_id uuid not null,
  contact_id uuid not null,
  first_name text,
  last_name text,
  country text check (country ~ '^[A-Z]{2}$'),
  -- `api`, or `import:<id>`: where the person came from first.
  source text not null check (source ~ '^(api|import:[0-9a-f-]{36})$'),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant_id, contact_id)
);
select heed.fenced('contact', subject => 'contact_id', personal => array['first_name', 'last_name', 'country']);

-- An address of one person on one channel. Immutable: another address is another row, so that an id in somebody's
-- ledger always meant the same address. Two people may share an address (a family's telephone): it is unique for one.
create table endpoint (
  tenant_id uuid not null,
  endpoint_id uuid not null,
  contact_id uuid not null,
  channel text not null check (channel in ('email', 'voice')),
  -- As it is written to.
  address text not null,
  -- Keyed hash of its canonical form: what is looked up, and what revocations name.
  endpoint_hash bytea not null check (octet_length(endpoint_hash) = 34),
  normaliser smallint not null,
  created_at timestamptz not null,
  primary key (tenant_id, endpoint_id),
  constraint endpoint_of_contact_key unique (tenant_id, contact_id, channel, endpoint_hash)
);
create index endpoint_by_hash on endpoint (tenant_id, endpoint_hash);
select heed.fenced('endpoint', subject => 'contact_id', personal => array['address', 'endpoint_hash']);

create table list (
  tenant_id uuid not null,
  list_id uuid not null,
  name text not null,
  created_at timestamptz not null,
  primary key (tenant_id, list_id),
  constraint list_name_key unique (tenant_id, name)
);
select heed.walled('list');

create table list_member (
  tenant_id uuid not null,
  list_id uuid not null,
  contact_id uuid not null,
  added_at timestamptz not null,
  primary key (tenant_id, list_id, contact_id),
  constraint list_member_list foreign key (tenant_id, list_id) references list (tenant_id, list_id)
);
select heed.fenced('list_member', subject => 'contact_id');

-- Addresses that nobody may be reached at, or brought back by: keyed hashes alone, so that the list can be asked about
-- one address and cannot be read. It outlives the people, hence no subject and no fence.
--   opt_out: heard from the address itself; binds whoever has it, now or later; denies permits in its scope.
--   erased:  of somebody who was erased and objected; keeps imports from bringing them back; denies no permit, since
--            the erasure of one person must not silence another on a shared address (ATTACKS 5.12).
create table suppression (
  tenant_id uuid not null,
  endpoint_hash bytea not null check (octet_length(endpoint_hash) = 34),
  -- Empty: every channel, every purpose.
  channel text not null check (channel in ('', 'email', 'voice')),
  purpose text not null check (purpose ~ '^([a-z][a-z0-9_-]{0,62})?$'),
  reason text not null check (reason in ('opt_out', 'erased')),
  normaliser smallint not null,
  at timestamptz not null,
  primary key (tenant_id, endpoint_hash, reason, channel, purpose)
);
select heed.walled('suppression');

-- Who looked at whom, until privacy's audit log has it. Ids only.
create table access_entry (
  tenant_id uuid not null,
  entry_id uuid not null,
  contact_id uuid not null,
  actor_id text not null check (actor_id ~ '^[a-z0-9-]{1,64}$'),
  action text not null check (action ~ '^/[A-Za-z0-9./]{1,190}$'),
  at timestamptz not null,
  primary key (tenant_id, entry_id)
);
select heed.walled('access_entry');

-- What is promised never to change cannot be changed by the service. Rows go with their person, by the eraser.
do $$
begin
  execute format('revoke update on endpoint, suppression, access_entry from %I', heed.role('service'));
  execute format('revoke delete on contact, endpoint, suppression from %I', heed.role('service'));
  execute format('revoke update, delete on suppression from %I', heed.role('eraser'));
end
$$;
