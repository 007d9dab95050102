-- breaking: no · reason: first version of calls, recordings and who listened to them

-- One outbound call. An erasure leaves the row for the sums and cuts every id that a permit or a log carries, the
-- call's own among them; hence a key of the row that nobody else knows.
create table call (
  tenant_id uuid not null,
  row_id uuid not null,
  call_id uuid,
  contact_id uuid,
  purpose text not null,
  placed_by uuid,
  wants_recording boolean not null,
  state text not null check (state in ('queued', 'armed', 'ringing', 'answered', 'ended')),
  outcome text check (outcome in ('sent', 'skipped', 'failed', 'unknown')),
  reason text not null default '' check (reason ~ '^[a-z0-9_]{0,40}$'),
  created_at timestamptz not null,
  armed_at timestamptz,
  answered_at timestamptz,
  ended_at timestamptz,
  -- By the carrier's clock alone: the difference of two of its times.
  duration_ms bigint not null default 0 check (duration_ms >= 0),
  -- By how much the request ended after the permit's end.
  late_ms integer not null default 0 check (late_ms >= 0),
  -- Why whoever follows the call is to end it.
  hang_up text check (hang_up ~ '^[a-z_]{1,40}$'),
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
  constraint call_id_key unique (tenant_id, call_id),
  constraint call_ended_has_outcome
    check ((state = 'ended') = (outcome is not null) and (state = 'ended') = (ended_at is not null)),
  -- I1: no phone rings without the permit's proof in the same row.
  constraint call_armed_has_permit
    check (state not in ('armed', 'ringing', 'answered') or num_nulls(armed_at, permit_id, permit_leaf,
      permit_leaf_index, permit_tree_size, permit_path, permit_root, permit_signature, permit_key_id) = 0),
  constraint call_sent_was_armed check (outcome is distinct from 'sent' or armed_at is not null),
  constraint call_permit_dies_with_contact check (contact_id is not null or permit_id is null)
);
select heed.fenced('call', subject => 'contact_id', personal => array['permit_leaf'], also => 'placed_by');

-- The row before the object: an erasure then knows that there is one, or will be. What was said is in the object.
create table recording (
  tenant_id uuid not null,
  call_id uuid not null,
  contact_id uuid not null,
  state text not null check (state in ('expected', 'stored', 'lost')),
  -- Why it was lost: a code.
  reason text not null default '' check (reason ~ '^[a-z0-9_]{0,40}$'),
  bytes integer check (bytes >= 0),
  expected_at timestamptz not null,
  stored_at timestamptz,
  primary key (tenant_id, call_id),
  constraint recording_stored_has_size
    check ((state = 'stored') = (bytes is not null) and (state = 'stored') = (stored_at is not null))
);
select heed.fenced('recording', subject => 'contact_id');

-- Who listened to whom, until privacy's audit log has it. Ids only.
create table access_entry (
  tenant_id uuid not null,
  entry_id uuid not null,
  contact_id uuid not null,
  actor_id text not null check (actor_id ~ '^[a-z0-9-]{1,64}$'),
  action text not null check (action ~ '^/[A-Za-z0-9./]{1,190}$'),
  at timestamptz not null,
  primary key (tenant_id, entry_id)
);
select heed.walled('access_entry');

do $$
begin
  execute format('revoke update on access_entry from %I', heed.role('service'));
  execute format('revoke delete on call, recording from %I', heed.role('service'));
end
$$;
