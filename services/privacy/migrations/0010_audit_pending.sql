-- breaking: no · reason: audit entries are chained a little later, together: what is told waits for no other's commit
-- Entries in the order in which they came, until they are chained.
create table audit_pending (
  tenant_id uuid not null,
  entry_id uuid not null,
  no bigint generated always as identity,
  at timestamptz not null,
  actor_id text not null check (actor_id ~ '^[a-z0-9-]{1,64}$'),
  action text not null check (action ~ '^[A-Za-z0-9 :_./-]{1,200}$'),
  subject_id uuid,
  service text not null,
  primary key (tenant_id, entry_id)
);
select heed.walled('audit_pending');
