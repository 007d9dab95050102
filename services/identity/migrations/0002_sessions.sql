-- breaking: no · reason: first version of sessions
-- No foreign keys between these tables and member: each goes with its person by the fence, and a receipt that counts
-- what a table held must not find it emptied by a cascade from the table before.

-- From a sign-in to a sign-out, an expiry, or the reuse of a refresh token.
create table session (
  tenant_id uuid not null,
  session_id uuid not null,
  member_id uuid not null,
  created_at timestamptz not null,
  refreshed_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  ended_by text check (ended_by in ('sign_out', 'reuse')),
  primary key (tenant_id, session_id),
  constraint session_end_has_reason check ((ended_at is null) = (ended_by is null))
);
select heed.fenced('session', subject => 'member_id');

-- Every refresh token that a session was given, by its digest. Used ones stay until they would have expired: to see one
-- again is how a theft shows itself.
create table refresh_token (
  tenant_id uuid not null,
  token_hash bytea not null check (length(token_hash) = 32),
  session_id uuid not null,
  member_id uuid not null,
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (tenant_id, token_hash)
);
create index refresh_token_session on refresh_token (tenant_id, session_id);
-- A session has one token that counts, whatever raced.
create unique index refresh_token_current on refresh_token (tenant_id, session_id) where used_at is null;
select heed.fenced('refresh_token', subject => 'member_id');
