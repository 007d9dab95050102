-- breaking: no · reason: who changed the rules and forms of a tenant, from what and to what

-- The audit log of privacy has the entry; what it was changed from and to stands here, under the same id.
create table change_entry (
  tenant_id uuid not null,
  entry_id uuid not null,
  actor_id text not null check (actor_id ~ '^[a-z0-9-]{1,64}$'),
  action text not null,
  -- What was changed: a form; of rules the tenant itself.
  about_id uuid not null,
  before text not null,
  after text not null,
  at timestamptz not null,
  primary key (tenant_id, entry_id)
);
select heed.walled('change_entry');

do $$
begin
  execute format('revoke update, delete on change_entry from %I', heed.role('service'));
end
$$;
