-- breaking: no · reason: first version of tenants, members and invitations

-- A customer organisation. Nil is nobody's: it is where those stand who are outside tenants.
create table tenant (
  tenant_id uuid primary key check (tenant_id <> '00000000-0000-0000-0000-000000000000'),
  slug text not null,
  name text not null,
  created_at timestamptz not null
);
select heed.raise_wall('tenant');
-- The operator, who stands outside (nil), sees which tenants there are.
create policy outside_tenants on tenant for select
  using (current_setting('heed.tenant', true) = '00000000-0000-0000-0000-000000000000');
call heed.grant_to('select, insert', 'tenant', 'service');
call heed.grant_to('select', 'tenant', 'probe');

-- Which slug is whose: what sign-in knows before it knows a tenant. Slugs are unique over the installation, which a
-- tenant's own table could only be by telling one tenant what another holds; so this one holds nothing else.
create table tenant_slug (
  slug text primary key,
  tenant_id uuid not null unique
);
call heed.grant_to('select, insert', 'tenant_slug', 'service');
call heed.grant_to('select', 'tenant_slug', 'probe');

-- A person who signs in. The operator is one too, of the tenant nil: outside all others, behind the same wall and fence.
-- member_id is the subject: erasure deletes the row, and what the person did elsewhere stays attributed to an id alone.
create table member (
  tenant_id uuid not null,
  member_id uuid not null,
  email text not null,
  name text not null,
  roles text[] not null,
  state text not null check (state in ('invited', 'active', 'deactivated')),
  -- PHC string of argon2id, salt and parameters within.
  password_hash text,
  -- Wrong passwords since the last right one; no guess is looked at before the time.
  failed_sign_ins integer not null default 0 check (failed_sign_ins >= 0),
  locked_until timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant_id, member_id),
  constraint member_active_has_password check (state <> 'active' or password_hash is not null),
  constraint member_operator_has_no_roles
    check ((tenant_id = '00000000-0000-0000-0000-000000000000') = (cardinality(roles) = 0))
);
create unique index member_email_key on member (tenant_id, lower(email));
select heed.fenced('member', subject => 'member_id', personal => array['email', 'name', 'password_hash']);

-- The right to set a password, once. Only the digest of its token is kept.
create table invitation (
  tenant_id uuid not null,
  invitation_id uuid not null,
  member_id uuid not null,
  token_hash bytea not null check (length(token_hash) = 32),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  primary key (tenant_id, invitation_id),
  constraint invitation_token_key unique (tenant_id, token_hash)
);
select heed.fenced('invitation', subject => 'member_id');
