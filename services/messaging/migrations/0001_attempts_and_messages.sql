-- breaking: no · reason: first version of attempts, messages and senders

-- A process that sends, from its start to its end. Whoever watches another sender compares `beats` with what it saw
-- before, by its own clock: clocks of two machines are never compared.
create table sender (
  sender_id uuid primary key,
  started_at timestamptz not null,
  beats bigint not null default 0,
  beat_at timestamptz not null,
  -- From here on it may conclude nothing: it ended, or was found silent.
  lost_at timestamptz,
  -- What it had in hand was concluded or given back.
  swept_at timestamptz,
  check (swept_at is null or lost_at is not null)
);
select heed.infrastructure('sender');

-- Tenants that ever sent: the work of all tenants is looked for in one place, behind the wall of each.
create table sending_tenant (
  tenant_id uuid primary key,
  first_at timestamptz not null
);
select heed.infrastructure('sending_tenant');

-- One try to hand a message over. An erasure leaves the row for the sums and cuts every id that an event carries, the
-- attempt's own among them; hence a key of the row that nobody else knows.
create table attempt (
  tenant_id uuid not null,
  row_id uuid not null,
  -- Follows from the intent (UUIDv5): one intent, one attempt, however often it is asked for (I7).
  attempt_id uuid,
  intent_id uuid,
  campaign_id uuid not null,
  contact_id uuid,
  purpose text not null,
  template_id uuid not null,
  try integer not null,
  state text not null check (state in ('queued', 'armed', 'concluded')),
  outcome text check (outcome in ('sent', 'skipped', 'failed', 'unknown')),
  reason text not null default '' check (reason ~ '^[a-z0-9_]{0,40}$'),
  queued_at timestamptz not null,
  -- Not asked for a permit before this.
  next_at timestamptz not null,
  -- How often it was given back, to wait again.
  put_off integer not null default 0,
  -- The sender that has it in hand.
  sender_id uuid,
  armed_at timestamptz,
  concluded_at timestamptz,
  -- By how much the write ended after the permit's end.
  late_ms integer not null default 0 check (late_ms >= 0),
  permit_id uuid,
  endpoint_id uuid,
  consent_entry_id uuid,
  permit_leaf bytea,
  permit_leaf_index integer,
  permit_tree_size integer,
  -- Audit path, 32 bytes a node, one after another.
  permit_path bytea check (length(permit_path) % 32 = 0),
  permit_root bytea check (length(permit_root) = 32),
  permit_signature bytea check (length(permit_signature) = 64),
  permit_key_id text,
  primary key (tenant_id, row_id),
  constraint attempt_id_key unique (tenant_id, attempt_id),
  constraint attempt_concluded_has_outcome
    check ((state = 'concluded') = (outcome is not null) and (state = 'concluded') = (concluded_at is not null)),
  -- I1: nothing is armed, let alone sent, without the permit's proof in the same row.
  constraint attempt_armed_has_permit
    check (state <> 'armed' or num_nulls(armed_at, sender_id, permit_id, permit_leaf, permit_leaf_index,
      permit_tree_size, permit_path, permit_root, permit_signature, permit_key_id) = 0),
  constraint attempt_sent_was_armed check (outcome is distinct from 'sent' or armed_at is not null),
  constraint attempt_permit_dies_with_contact check (contact_id is not null or permit_id is null)
);
select heed.fenced('attempt', subject => 'contact_id', personal => array['permit_leaf']);

-- What a sender looks for: three states of 10,000 rows a minute, of which only the queued are in this index.
create index attempt_waiting_idx on attempt (tenant_id, next_at) where state = 'queued' and sender_id is null;
-- What a sender has in hand, for whoever sweeps after it.
create index attempt_in_hand_idx on attempt (tenant_id, sender_id) where state <> 'concluded' and sender_id is not null;
create index attempt_campaign_idx on attempt (tenant_id, campaign_id, row_id);

-- What was written to a person, sealed under their key. Written with the arming, so that whatever may have been sent
-- can be shown to them.
create table message (
  tenant_id uuid not null,
  attempt_id uuid not null,
  contact_id uuid not null,
  content bytea not null,
  written_at timestamptz not null,
  primary key (tenant_id, attempt_id)
);
select heed.fenced('message', subject => 'contact_id', personal => array['content']);
