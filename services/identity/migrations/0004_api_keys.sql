-- breaking: no · reason: API keys, and what of them the audit log is to be told

-- A key for programs, in the name of a member: it goes with them. Only the digest of its secret is kept.
create table api_key (
  tenant_id uuid not null,
  api_key_id uuid not null,
  member_id uuid not null,
  name text not null check (name ~ '^[A-Za-z0-9][A-Za-z0-9 ._/-]{0,79}$'),
  secret_hash bytea not null check (length(secret_hash) = 32),
  scopes text[] not null check (cardinality(scopes) between 1 and 50),
  created_at timestamptz not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  primary key (tenant_id, api_key_id)
);
select heed.fenced('api_key', subject => 'member_id');

-- Who made or ended what, until privacy has taken it into the audit log. Ids, an RPC's name and a time.
create table audit_due (
  tenant_id uuid not null,
  entry_id uuid not null,
  actor_id uuid not null,
  action text not null check (action ~ '^/[A-Za-z0-9./]{1,190}$'),
  about_id uuid not null,
  at timestamptz not null,
  primary key (tenant_id, entry_id)
);
select heed.walled('audit_due');
