-- breaking: no · reason: mails to members: what they are told, under which permits, and the right to set another password
-- What a member is to be told by mail. Neither the address nor what is secret in it stands here: the sender learns both
-- by a permit, and a link that sets a password is made in that moment.
create table member_notice (
  tenant_id uuid not null,
  -- Also the id of the attempt to send it.
  message_id uuid not null,
  member_id uuid not null,
  notice text not null check (notice in ('invitation', 'password_reset')),
  requested_at timestamptz not null,
  -- From here on nobody is written to about it any more.
  expires_at timestamptz not null,
  primary key (tenant_id, message_id)
);
create index member_notice_member_idx on member_notice (tenant_id, member_id, notice, requested_at);
select heed.fenced('member_notice', subject => 'member_id');

-- A row per permit, written before the sender learns the address, as in contacts.
create table permit (
  tenant_id uuid not null,
  permit_id uuid not null,
  issued_at timestamptz not null,
  attempt_id uuid not null,
  nonce bytea not null check (octet_length(nonce) = 16),
  subject_id uuid not null,
  -- Opens the commitment in the leaf. Gone with the row: what the attempt keeps then leads to no address.
  address_salt bytea not null,
  purpose text not null,
  -- The notice that it was issued for.
  rests_on uuid not null,
  rule_version text not null,
  lifetime_ms integer not null check (lifetime_ms between 1 and 1000),
  -- The service that asked.
  issued_to text not null,
  primary key (tenant_id, permit_id),
  constraint permit_once unique (tenant_id, attempt_id, nonce)
);
create index permit_issued_idx on permit (tenant_id, issued_at);
select heed.fenced('permit', subject => 'subject_id', personal => array['address_salt']);

-- The right to set another password, once. Only the digest of its token is kept.
create table password_reset (
  tenant_id uuid not null,
  reset_id uuid not null,
  member_id uuid not null,
  token_hash bytea not null check (length(token_hash) = 32),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (tenant_id, reset_id),
  constraint password_reset_token_key unique (tenant_id, token_hash)
);
select heed.fenced('password_reset', subject => 'member_id');

alter table session drop constraint session_ended_by_check;
alter table session add constraint session_ended_by_check check (ended_by in ('sign_out', 'reuse', 'password'));

do $$
begin
  execute format('revoke update on permit from %I', heed.role('service'));
end
$$;
