-- breaking: no · reason: who saw and did what
-- Ids, names of RPCs and times: no address, no content. A chain for each tenant: an entry's hash covers the one before, so
-- one that was changed or taken out shows.
create table audit_entry (
  tenant_id uuid not null,
  seq bigint not null check (seq > 0),
  entry_id uuid not null,
  at timestamptz not null,
  actor_id text not null check (actor_id ~ '^[a-z0-9-]{1,64}$'),
  action text not null check (action ~ '^[A-Za-z0-9 :_./-]{1,200}$'),
  subject_id uuid,
  service text not null,
  -- SHA-256 over the hash before and the entry's canonical JSON.
  hash bytea not null check (octet_length(hash) = 32),
  primary key (tenant_id, seq),
  constraint audit_entry_once unique (tenant_id, entry_id)
);
create index audit_entry_by_subject on audit_entry (tenant_id, subject_id, seq) where subject_id is not null;
select heed.walled('audit_entry');

-- The end of each tenant's chain: its row lock puts the entries in one order.
create table audit_head (
  tenant_id uuid primary key,
  seq bigint not null,
  hash bytea not null check (octet_length(hash) = 32)
);
select heed.walled('audit_head');

do $$
begin
  execute format('revoke update, delete on audit_entry from %I', heed.role('service'));
  execute format('revoke delete on audit_head from %I', heed.role('service'));
end
$$;
