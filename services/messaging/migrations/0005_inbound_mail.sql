-- breaking: no · reason: what comes back by mail: bounces, complaints, answers, unsubscribes

-- What became of a message after it was handed over. Beside the outcome, which stays as it was: what came back was sent.
alter table attempt add column delivery text
  check (delivery in ('delivered', 'soft_bounce', 'blocked', 'hard_bounce', 'complained'));
alter table attempt add column delivery_code text not null default '' check (delivery_code ~ '^[a-z0-9_]{0,40}$');
alter table attempt add column delivery_at timestamptz;
-- Keyed hash of the address that was written to, as the permit named it: what is heard from an address binds all who
-- have it.
alter table attempt add column endpoint_hash bytea check (length(endpoint_hash) = 32);
alter table attempt add constraint attempt_delivery_has_time check ((delivery is null) = (delivery_at is null));
select heed.personal('attempt', subject => 'contact_id', personal => array['permit_leaf', 'endpoint_hash']);

-- Answers name their tenant by the first bytes of a hash of its id (inbound-address.ts): the whole id does not fit.
create index sending_tenant_handle on sending_tenant (substring(sha256(uuid_send(tenant_id)) for 8));

-- A mail that came back, raw and sealed: evidence that is committed before it is answered for. Of whoever is erased, or
-- was never known, nobody can be named: the row then has a subject of its own, whom nothing else is about.
create table inbound_mail (
  tenant_id uuid not null,
  mail_id uuid not null,
  contact_id uuid not null,
  -- Whether the contact is somebody, or nobody.
  is_known boolean not null,
  -- The message that it answers.
  attempt_id uuid,
  address_kind text not null check (address_kind in ('bounce', 'reply', 'unsubscribe')),
  kind text not null check (kind in ('bounce', 'complaint', 'answer', 'doubt', 'opt_out')),
  -- Of an opt-out: empty is all.
  channel text not null default '' check (channel in ('', 'email')),
  purpose text not null default '' check (purpose ~ '^([a-z][a-z0-9_-]{0,62})?$'),
  -- Of a bounce: what it says, in codes.
  delivery text check (delivery in ('delivered', 'soft_bounce', 'blocked', 'hard_bounce', 'complained')),
  code text not null default '' check (code ~ '^[a-z0-9_]{0,40}$'),
  -- Sealed under the subject's key. Gone once nothing is to be read in it any more.
  raw bytea,
  received_at timestamptz not null,
  -- The last day of the row, decided or not.
  expires_at timestamptz not null,
  -- Nothing is left to be done by itself.
  handled_at timestamptz,
  decision text check (decision in ('opt_out', 'not_an_opt_out')),
  decided_at timestamptz,
  decided_by uuid,
  primary key (tenant_id, mail_id),
  constraint inbound_mail_decided check ((decision is null) = (decided_at is null))
);
select heed.fenced('inbound_mail', subject => 'contact_id', personal => array['raw'], also => 'decided_by');
create index inbound_mail_open on inbound_mail (tenant_id, received_at) where handled_at is null;
create index inbound_mail_undecided on inbound_mail (tenant_id, mail_id) where kind = 'doubt' and decision is null;
create index inbound_mail_expiry on inbound_mail (tenant_id, expires_at);

-- Who is not written to although contacts may not know of it yet: heard here and not recorded there, or in doubt.
create table deny (
  tenant_id uuid not null,
  mail_id uuid not null,
  contact_id uuid not null,
  endpoint_hash bytea check (length(endpoint_hash) = 32),
  reason text not null check (reason in ('opt_out', 'doubt')),
  heard_at timestamptz not null,
  -- Empty while it stands. What was asked of contacts before its end dies by then.
  ends_at timestamptz,
  primary key (tenant_id, mail_id)
);
select heed.fenced('deny', subject => 'contact_id', personal => array['endpoint_hash']);
create index deny_by_hash on deny (tenant_id, endpoint_hash);

-- Denials that stand and opt-outs that contacts does not know of, of all tenants: what every process holds in memory,
-- and what the metric of the oldest one is read from.
create table standing_deny (
  tenant_id uuid not null,
  mail_id uuid not null,
  reason text not null check (reason in ('opt_out', 'doubt')),
  heard_at timestamptz not null,
  primary key (tenant_id, mail_id)
);
select heed.infrastructure('standing_deny');
