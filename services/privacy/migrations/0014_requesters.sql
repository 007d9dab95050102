-- breaking: no · reason: who asked for something can be answered by mail, under permits
-- Where somebody who asked wants to be answered. A subject of its own, and not the person that the request is about:
-- they are told that they were erased after they were. Sealed under a key of its own; forgotten a week after the end.
create table requester (
  tenant_id uuid not null,
  requester_id uuid not null,
  request_id uuid not null,
  address bytea not null,
  primary key (tenant_id, requester_id),
  constraint requester_request_key unique (tenant_id, request_id)
);
select heed.fenced('requester', subject => 'requester_id', personal => array['address']);

-- What a requester is to be told by mail.
create table requester_notice (
  tenant_id uuid not null,
  -- Also the id of the attempt to send it.
  message_id uuid not null,
  requester_id uuid not null,
  notice text not null check (notice in ('request_received', 'request_completed')),
  requested_at timestamptz not null,
  -- From here on nobody is written to about it any more.
  expires_at timestamptz not null,
  primary key (tenant_id, message_id)
);
create index requester_notice_requester_idx on requester_notice (tenant_id, requester_id);
select heed.fenced('requester_notice', subject => 'requester_id');

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

do $$
begin
  execute format('revoke update on permit from %I', heed.role('service'));
end
$$;
