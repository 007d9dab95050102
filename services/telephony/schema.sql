-- The schema after all migrations, generated: npm run schema. Read it, do not run it.

create schema heed; -- telephony_bus: usage; telephony_eraser: usage; telephony_probe: usage; telephony_relay: usage; telephony_service: usage
create schema public; -- telephony_bus: usage; telephony_eraser: usage; telephony_probe: usage; telephony_relay: usage; telephony_service: usage

create table heed.day_partitioned (
  keep_days integer not null,
  relation text not null
);
  constraint day_partitioned_keep_days_check CHECK (((keep_days >= 1) AND (keep_days <= 3660)))
  constraint day_partitioned_pkey PRIMARY KEY (relation)
  owner: telephony_owner
  grants: telephony_probe: select; telephony_relay: select; telephony_service: select

create table heed.due_work (
  again boolean not null default false,
  attempts integer not null default 0,
  claim uuid,
  claimed_until timestamp with time zone,
  due_at timestamp with time zone not null,
  queue text not null,
  reason text,
  ref uuid not null,
  tenant_id uuid not null,
  traceparents text[] not null default '{}'::text[]
) with (fillfactor=60);
  constraint due_work_pkey PRIMARY KEY (queue, tenant_id, ref)
  constraint due_work_queue_check CHECK ((queue ~ '^[a-z][a-z-]{1,39}$'::text))
  constraint due_work_reason_check CHECK ((reason ~ '^[A-Z][A-Z0-9_]{0,63}$'::text))
  CREATE INDEX due_work_at ON heed.due_work USING btree (queue, due_at)
  owner: telephony_owner
  grants: telephony_eraser: delete, insert, select, update; telephony_probe: select; telephony_service: delete, insert, select, update

create table heed.export_part (
  chunk bytea /* no statistics */,
  chunk_no integer not null,
  expires_at timestamp with time zone not null,
  media_type text not null,
  name text not null /* no statistics */,
  order_id uuid not null,
  part_no integer not null,
  store text not null,
  subject_id uuid not null,
  subject_live boolean generated always as (true) stored,
  tenant_id uuid not null
);
  constraint export_part_anonymous CHECK (((subject_id IS NOT NULL) OR ((name IS NULL) AND (chunk IS NULL))))
  constraint export_part_pkey PRIMARY KEY (tenant_id, order_id, part_no, chunk_no)
  constraint export_part_subject_id_fence FOREIGN KEY (tenant_id, subject_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  CREATE INDEX export_part_subject_id_idx ON heed.export_part USING btree (tenant_id, subject_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: telephony_owner
  grants: telephony_eraser: delete, insert, select, update; telephony_probe: select; telephony_service: delete, insert, select, update

create table heed.hash_key (
  at timestamp with time zone not null,
  kms_key_id text not null /* telephony_service: update */,
  tenant_id uuid not null,
  usable_from timestamp with time zone not null /* telephony_service: update */,
  version smallint not null,
  wrapped bytea not null /* telephony_service: update */
);
  constraint hash_key_pkey PRIMARY KEY (tenant_id, version)
  constraint hash_key_version_check CHECK (((version >= 1) AND (version <= 255)))
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: telephony_owner
  grants: telephony_eraser: insert, select; telephony_probe: select; telephony_service: insert, select

create table heed.hold (
  hold_id uuid not null,
  released boolean not null,
  subject_id uuid not null,
  tenant_id uuid not null
);
  constraint hold_pkey PRIMARY KEY (tenant_id, hold_id)
  CREATE INDEX hold_standing ON heed.hold USING btree (tenant_id, subject_id) WHERE (NOT released)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: telephony_owner
  grants: telephony_eraser: delete, insert, select, update; telephony_probe: select; telephony_service: delete, insert, select, update

create table heed.inbox (
  consumer text not null,
  event_id uuid not null,
  received_at timestamp with time zone not null
) partition by RANGE (event_id);
  constraint inbox_pkey PRIMARY KEY (event_id, consumer)
  owner: telephony_owner
  grants: telephony_eraser: insert, select; telephony_probe: select; telephony_relay: insert, select; telephony_service: insert, select

create table heed.inbox_cursor (
  consumer text not null,
  moved_at timestamp with time zone not null,
  partition integer not null,
  "position" text not null,
  topic text not null,
  witness uuid,
  witness_offset bigint
) with (fillfactor=50);
  constraint inbox_cursor_pkey PRIMARY KEY (consumer, topic, partition)
  owner: telephony_owner
  grants: telephony_eraser: insert, select, update; telephony_probe: select; telephony_relay: insert, select, update; telephony_service: delete, insert, select, update

create table heed.incarnation (
  committed_at timestamp with time zone not null,
  name text not null,
  nonce uuid not null,
  number bigint not null,
  previous uuid,
  resynced boolean not null default false,
  witnessed_at timestamp with time zone
);
  constraint incarnation_name_check CHECK ((name = 'this'::text))
  constraint incarnation_pkey PRIMARY KEY (name)
  owner: telephony_owner
  grants: telephony_probe: select; telephony_service: delete, insert, select, update

create table heed.log_witness (
  at timestamp with time zone not null,
  note text not null,
  origin text not null,
  refusal text,
  refused_at timestamp with time zone,
  refused_note text,
  root bytea not null,
  size bigint not null,
  succeeded_by text,
  vkey text not null
);
  constraint log_witness_check CHECK ((((refusal IS NULL) = (refused_note IS NULL)) AND ((refusal IS NULL) = (refused_at IS NULL))))
  constraint log_witness_pkey PRIMARY KEY (origin)
  constraint log_witness_refusal_check CHECK ((refusal = ANY (ARRAY['SMALLER'::text, 'INCONSISTENT'::text, 'FORKED'::text, 'ORIGIN_UNKNOWN'::text])))
  constraint log_witness_root_check CHECK ((octet_length(root) = 32))
  constraint log_witness_size_check CHECK ((size >= 0))
  constraint log_witness_succeeded_by_key UNIQUE (succeeded_by)
  owner: telephony_owner
  grants: telephony_probe: select; telephony_service: delete, insert, select, update

create table heed.migration (
  applied_at timestamp with time zone not null default clock_timestamp(),
  breaking boolean not null,
  checksum text not null,
  name text not null,
  reason text not null,
  source text not null
);
  constraint migration_pkey PRIMARY KEY (source, name)
  owner: telephony_owner
  grants: public: select

create table heed.offsite_due (
  at timestamp with time zone not null default clock_timestamp(),
  id bigint not null generated as identity,
  log text not null,
  payload bytea not null,
  tenant_id uuid not null
);
  constraint offsite_due_pkey PRIMARY KEY (id)
  owner: telephony_owner
  grants: telephony_eraser: insert; telephony_probe: select; telephony_service: delete, insert, select

create table heed.offsite_head (
  copied_at timestamp with time zone,
  digest text not null,
  filled_at timestamp with time zone,
  log text not null,
  sequence bigint not null
);
  constraint offsite_head_log_check CHECK ((log ~ '^[a-z-]{1,40}$'::text))
  constraint offsite_head_pkey PRIMARY KEY (log)
  constraint offsite_head_sequence_check CHECK ((sequence >= 0))
  owner: telephony_owner
  grants: telephony_eraser: select; telephony_probe: select; telephony_service: delete, insert, select, update

create table heed.order_answers (
  answers bytea not null,
  order_id uuid not null,
  step text not null,
  tenant_id uuid not null
);
  constraint order_answers_pkey PRIMARY KEY (tenant_id, order_id, step)
  constraint order_answers_step_check CHECK ((step = ANY (ARRAY['rows'::text, 'slow'::text])))
  constraint order_answers_tenant_id_order_id_fkey FOREIGN KEY (tenant_id, order_id) REFERENCES heed.order_taken(tenant_id, order_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: telephony_owner
  grants: telephony_eraser: delete, insert, select, update; telephony_probe: select; telephony_service: delete, insert, select, update

create table heed.order_batch (
  action text not null,
  batch_id uuid not null,
  caches_clear_at timestamp with time zone,
  fence_xid xid8,
  fenced_at timestamp with time zone,
  issued bytea not null,
  taken_at timestamp with time zone not null,
  tenant_id uuid not null
);
  constraint order_batch_action_check CHECK ((action = ANY (ARRAY['ERASE'::text, 'PROBE'::text, 'ACCESS'::text, 'RESTRICT'::text, 'LIFT'::text, 'CORRECT'::text])))
  constraint order_batch_pkey PRIMARY KEY (tenant_id, batch_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: telephony_owner
  grants: telephony_eraser: delete, insert, select, update; telephony_probe: select; telephony_service: delete, insert, select, update

create table heed.order_taken (
  action text not null,
  batch_id uuid not null,
  order_id uuid not null,
  order_number bigint not null,
  request_id uuid not null,
  subject_id uuid not null,
  tenant_id uuid not null
);
  constraint order_taken_number UNIQUE (tenant_id, subject_id, order_number)
  constraint order_taken_order_number_check CHECK ((order_number > 0))
  constraint order_taken_pkey PRIMARY KEY (tenant_id, order_id)
  constraint order_taken_tenant_id_batch_id_fkey FOREIGN KEY (tenant_id, batch_id) REFERENCES heed.order_batch(tenant_id, batch_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: telephony_owner
  grants: telephony_eraser: insert, select; telephony_probe: select; telephony_service: insert, select

create table heed.outbox (
  at timestamp with time zone not null default clock_timestamp(),
  id uuid not null,
  key text not null,
  occurred_at timestamp with time zone not null,
  payload bytea not null,
  seq bigint not null generated as identity,
  sequence bigint,
  shard smallint not null,
  subject uuid,
  tenant_id uuid not null,
  topic text not null,
  traceparent text,
  type text not null,
  xid xid8 not null default pg_current_xact_id()
) partition by RANGE (at);
  constraint outbox_shard_check CHECK ((shard >= 0))
  CREATE INDEX outbox_seq ON ONLY heed.outbox USING btree (seq)
  CREATE INDEX outbox_xid ON ONLY heed.outbox USING btree (xid)
  row level security, forced
  permissive policy readers for r to telephony_bus, telephony_relay using true
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: telephony_owner
  grants: telephony_bus: select; telephony_eraser: insert; telephony_probe: select; telephony_relay: select; telephony_service: insert

create table heed.outbox_horizon (
  name text not null,
  seq bigint not null,
  xid xid8 not null
);
  constraint outbox_horizon_name_check CHECK ((name = 'outbox'::text))
  constraint outbox_horizon_pkey PRIMARY KEY (name)
  owner: telephony_owner
  grants: telephony_bus: select; telephony_probe: select; telephony_relay: select, update; telephony_service: select

create table heed.parked (
  attempts integer not null default 1,
  consumer text not null,
  event_id uuid,
  headers jsonb not null /* no statistics */,
  id bigint not null generated as identity,
  key text not null /* no statistics */,
  "offset" text not null,
  parked_at timestamp with time zone not null,
  partition integer not null,
  payload bytea not null /* no statistics */,
  reason text not null,
  sqlstate text,
  topic text not null
);
  constraint parked_consumer_topic_key_fkey FOREIGN KEY (consumer, topic, key) REFERENCES heed.parked_key(consumer, topic, key)
  constraint parked_pkey PRIMARY KEY (id)
  constraint parked_reason_check CHECK ((reason ~ '^[A-Z][A-Z0-9_]{0,63}$'::text))
  constraint parked_sqlstate_check CHECK ((sqlstate ~ '^[0-9A-Z]{5}$'::text))
  CREATE INDEX parked_by_key ON heed.parked USING btree (consumer, topic, key, id)
  owner: telephony_owner
  grants: telephony_eraser: delete, insert, select, update; telephony_probe: select; telephony_relay: delete, insert, select, update; telephony_service: delete, insert, select, update

create table heed.parked_key (
  consumer text not null,
  key text not null /* no statistics */,
  replay_asked_at timestamp with time zone,
  since timestamp with time zone not null,
  topic text not null
);
  constraint parked_key_pkey PRIMARY KEY (consumer, topic, key)
  owner: telephony_owner
  grants: telephony_eraser: delete, insert, select, update; telephony_probe: select; telephony_relay: delete, insert, select, update; telephony_service: delete, insert, select, update

create table heed.quarantine (
  name text not null,
  reason text not null,
  restored_to timestamp with time zone,
  resync_asked_at timestamp with time zone,
  since timestamp with time zone not null
);
  constraint quarantine_name_check CHECK ((name = 'this'::text))
  constraint quarantine_pkey PRIMARY KEY (name)
  constraint quarantine_reason_check CHECK ((reason ~ '^[A-Z][A-Z0-9_]{0,63}$'::text))
  owner: telephony_owner
  grants: telephony_probe: select; telephony_service: delete, insert, select, update

create table heed.quarantine_lift (
  because text not null,
  lift_id uuid not null,
  lifted_at timestamp with time zone not null,
  lifted_by text,
  reason text not null,
  restored_to timestamp with time zone,
  resynced boolean not null,
  since timestamp with time zone not null
);
  constraint quarantine_lift_because_check CHECK ((because ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{2,62}$'::text))
  constraint quarantine_lift_lifted_by_check CHECK ((lifted_by ~ '^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,62}$'::text))
  constraint quarantine_lift_pkey PRIMARY KEY (lift_id)
  owner: telephony_owner
  grants: telephony_probe: select; telephony_service: insert, select

create table heed.receipt (
  action text not null,
  batch_id uuid not null,
  key_id text not null /* telephony_service: update */,
  manifest_version text not null,
  receipt_id uuid not null,
  root bytea not null,
  signature bytea not null /* telephony_service: update */,
  signed_at timestamp with time zone not null,
  tenant_id uuid not null,
  tree_size integer not null
);
  constraint receipt_key_id_check CHECK ((key_id ~ '^[0-9a-f]{16}$'::text))
  constraint receipt_manifest_version_check CHECK ((manifest_version ~ '^[0-9a-f]{64}$'::text))
  constraint receipt_pkey PRIMARY KEY (tenant_id, batch_id)
  constraint receipt_root_check CHECK ((length(root) = 32))
  constraint receipt_signature_check CHECK ((length(signature) = 64))
  constraint receipt_tenant_id_batch_id_fkey FOREIGN KEY (tenant_id, batch_id) REFERENCES heed.order_batch(tenant_id, batch_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: telephony_owner
  grants: telephony_eraser: insert, select; telephony_probe: select; telephony_service: insert, select

create table heed.receipt_opening (
  batch_id uuid not null,
  leaf_index integer not null,
  order_id uuid not null,
  path bytea[] not null,
  salt bytea not null,
  statement bytea not null,
  tenant_id uuid not null
);
  constraint receipt_opening_pkey PRIMARY KEY (tenant_id, order_id)
  constraint receipt_opening_salt_check CHECK ((length(salt) = 32))
  constraint receipt_opening_tenant_id_batch_id_fkey FOREIGN KEY (tenant_id, batch_id) REFERENCES heed.receipt(tenant_id, batch_id)
  CREATE INDEX receipt_opening_batch ON heed.receipt_opening USING btree (tenant_id, batch_id, leaf_index)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: telephony_owner
  grants: telephony_eraser: insert, select; telephony_probe: select; telephony_service: insert, select

create table heed.refused (
  consumer text not null,
  last_at timestamp with time zone not null,
  n bigint not null default 0,
  reason text not null
);
  constraint refused_pkey PRIMARY KEY (consumer, reason)
  owner: telephony_owner
  grants: telephony_eraser: insert, select, update; telephony_probe: select; telephony_relay: insert, select, update; telephony_service: insert, select, update

create table heed.relay_cursor (
  has_lock boolean not null default true,
  holder uuid,
  lease_until timestamp with time zone not null default '-infinity'::timestamp with time zone,
  name text not null,
  "position" text not null,
  saved_at timestamp with time zone,
  token bigint not null default 0
);
  constraint relay_cursor_name_check CHECK ((name = 'outbox'::text))
  constraint relay_cursor_pkey PRIMARY KEY (name)
  owner: telephony_owner
  grants: telephony_probe: select; telephony_relay: select, update; telephony_service: select

create table heed.replay_end (
  at timestamp with time zone not null,
  consumer text not null,
  partition integer not null,
  "position" text not null,
  topic text not null
);
  constraint replay_end_pkey PRIMARY KEY (consumer, topic, partition)
  owner: telephony_owner
  grants: telephony_eraser: select; telephony_probe: select; telephony_relay: select; telephony_service: delete, insert, select, update

create table heed.resync_step (
  began_at timestamp with time zone not null,
  done bigint not null default 0,
  finished_at timestamp with time zone,
  ordinal integer not null,
  step text not null,
  total bigint
);
  constraint resync_step_pkey PRIMARY KEY (step)
  owner: telephony_owner
  grants: telephony_probe: select; telephony_service: delete, insert, select, update

create table heed.retention (
  ground text not null,
  store text not null,
  subject_id uuid not null,
  tenant_id uuid not null,
  until timestamp with time zone not null
);
  constraint retention_ground_check CHECK ((ground ~ '^[a-z][a-z0-9_]{1,60}$'::text))
  constraint retention_pkey PRIMARY KEY (tenant_id, subject_id, store)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: telephony_owner
  grants: telephony_eraser: delete, insert, select, update; telephony_probe: select; telephony_service: delete, insert, select, update

create table heed.rpc_replay (
  answer bytea,
  at timestamp with time zone not null /* telephony_relay: select */,
  id bytea not null /* telephony_relay: select */,
  request_mac bytea not null,
  tenant_id uuid not null /* telephony_relay: select */
) with (fillfactor=70);
  constraint rpc_replay_id_check CHECK ((length(id) = 32))
  constraint rpc_replay_pkey PRIMARY KEY (tenant_id, id)
  constraint rpc_replay_request_mac_check CHECK ((length(request_mac) = 32))
  CREATE INDEX rpc_replay_at ON heed.rpc_replay USING btree (at)
  row level security, forced
  permissive policy expiry for * to telephony_relay using true
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: telephony_owner
  grants: telephony_eraser: delete, insert, select, update; telephony_probe: select; telephony_relay: delete; telephony_service: delete, insert, select, update

create table heed.subject (
  kind text not null default 'contact'::text /* telephony_eraser: insert; telephony_service: insert */,
  live boolean not null default true /* telephony_eraser: insert, update */,
  restricted_by uuid /* telephony_eraser: update */,
  sequence bigint not null default 0 /* telephony_eraser: update; telephony_service: update */,
  subject_id uuid not null /* telephony_eraser: insert; telephony_service: insert */,
  tenant_id uuid not null /* telephony_eraser: insert; telephony_service: insert */
) with (fillfactor=80);
  constraint subject_kind_check CHECK ((kind ~ '^[a-z][a-z_]{0,39}$'::text))
  constraint subject_live_key UNIQUE (tenant_id, subject_id, live)
  constraint subject_pkey PRIMARY KEY (tenant_id, subject_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  CREATE TRIGGER guard_delete BEFORE DELETE ON heed.subject FOR EACH ROW EXECUTE FUNCTION heed.guard_subject()
  CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON heed.subject FOR EACH STATEMENT EXECUTE FUNCTION heed.guard_subject()
  CREATE TRIGGER guard_update BEFORE UPDATE ON heed.subject FOR EACH ROW WHEN (((old.live IS DISTINCT FROM new.live) OR (new.sequence < old.sequence) OR (old.tenant_id IS DISTINCT FROM new.tenant_id) OR (old.subject_id IS DISTINCT FROM new.subject_id))) EXECUTE FUNCTION heed.guard_subject()
  owner: telephony_owner
  grants: telephony_eraser: select; telephony_probe: select; telephony_service: select

create table heed.untold_act (
  about_id uuid not null,
  action text not null,
  actor_id text not null,
  at timestamp with time zone not null,
  entry_id uuid not null,
  tenant_id uuid not null
);
  constraint untold_act_action_check CHECK (((length(action) >= 1) AND (length(action) <= 200)))
  constraint untold_act_actor_id_check CHECK (((length(actor_id) >= 1) AND (length(actor_id) <= 64)))
  constraint untold_act_pkey PRIMARY KEY (tenant_id, entry_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: telephony_owner
  grants: telephony_eraser: delete, insert, select, update; telephony_probe: select; telephony_service: delete, insert, select, update

create table public.access_entry (
  action text not null,
  actor_id text not null,
  at timestamp with time zone not null,
  contact_id uuid not null,
  entry_id uuid not null,
  tenant_id uuid not null
);
  constraint access_entry_action_check CHECK ((action ~ '^/[A-Za-z0-9./]{1,190}$'::text))
  constraint access_entry_actor_id_check CHECK ((actor_id ~ '^[a-z0-9-]{1,64}$'::text))
  constraint access_entry_pkey PRIMARY KEY (tenant_id, entry_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: telephony_owner
  grants: telephony_eraser: delete, insert, select, update; telephony_probe: select; telephony_service: delete, insert, select

create table public.call (
  announced_at timestamp with time zone,
  answered_at timestamp with time zone,
  armed_at timestamp with time zone,
  call_id uuid,
  campaign_id uuid,
  consent_entry_id uuid,
  contact_id uuid,
  created_at timestamp with time zone not null,
  deferrals integer not null default 0,
  duration_ms bigint not null default 0,
  ended_at timestamp with time zone,
  ended_by text,
  endpoint_hash bytea /* no statistics */,
  endpoint_id uuid,
  hang_up text,
  intent_id uuid,
  late_ms integer not null default 0,
  outcome text,
  permit_id uuid,
  permit_key_id text,
  permit_leaf bytea /* no statistics */,
  permit_leaf_index integer,
  permit_path bytea,
  permit_root bytea,
  permit_signature bytea,
  permit_tree_size integer,
  placed_by uuid,
  purpose text not null,
  reason text not null default ''::text,
  row_id uuid not null,
  state text not null,
  step smallint,
  subject_live boolean generated always as (true) stored,
  template_id uuid,
  tenant_id uuid not null,
  traceparent text,
  wants_recording boolean not null
);
  constraint call_anonymous CHECK (((contact_id IS NOT NULL) OR ((permit_leaf IS NULL) AND (endpoint_hash IS NULL))))
  constraint call_armed_has_permit CHECK (((state <> ALL (ARRAY['armed'::text, 'ringing'::text, 'answered'::text])) OR (num_nulls(armed_at, permit_id, permit_leaf, permit_leaf_index, permit_tree_size, permit_path, permit_root, permit_signature, permit_key_id) = 0)))
  constraint call_contact_id_fence FOREIGN KEY (tenant_id, contact_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  constraint call_deferrals_check CHECK ((deferrals >= 0))
  constraint call_duration_ms_check CHECK ((duration_ms >= 0))
  constraint call_ended_by_check CHECK ((ended_by = ANY (ARRAY['other_side'::text, 'key'::text, 'revocation'::text, 'erasure'::text, 'shutdown'::text, 'time_limit'::text])))
  constraint call_ended_has_outcome CHECK ((((state = 'ended'::text) = (outcome IS NOT NULL)) AND ((state = 'ended'::text) = (ended_at IS NOT NULL))))
  constraint call_endpoint_hash_check CHECK ((length(endpoint_hash) = 32))
  constraint call_hang_up_check CHECK ((hang_up ~ '^[a-z_]{1,40}$'::text))
  constraint call_id_key UNIQUE (tenant_id, call_id)
  constraint call_intent_key UNIQUE (tenant_id, intent_id)
  constraint call_late_ms_check CHECK ((late_ms >= 0))
  constraint call_of_campaign_is_whole CHECK ((((campaign_id IS NULL) = (step IS NULL)) AND ((campaign_id IS NULL) = (template_id IS NULL)) AND ((intent_id IS NULL) OR (campaign_id IS NOT NULL))))
  constraint call_outcome_check CHECK ((outcome = ANY (ARRAY['sent'::text, 'skipped'::text, 'failed'::text, 'unknown'::text])))
  constraint call_permit_dies_with_contact CHECK (((contact_id IS NOT NULL) OR (permit_id IS NULL)))
  constraint call_permit_path_check CHECK (((length(permit_path) % 32) = 0))
  constraint call_permit_root_check CHECK ((length(permit_root) = 32))
  constraint call_permit_signature_check CHECK ((length(permit_signature) = 64))
  constraint call_pkey PRIMARY KEY (tenant_id, row_id)
  constraint call_placed_by_fence FOREIGN KEY (tenant_id, placed_by, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  constraint call_reason_check CHECK ((reason ~ '^[a-z0-9_]{0,40}$'::text))
  constraint call_sent_was_armed CHECK (((outcome IS DISTINCT FROM 'sent'::text) OR (armed_at IS NOT NULL) OR (reason = 'restored'::text)))
  constraint call_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'deferred'::text, 'armed'::text, 'ringing'::text, 'answered'::text, 'ended'::text])))
  CREATE INDEX call_campaign_idx ON public.call USING btree (tenant_id, campaign_id, row_id) WHERE (campaign_id IS NOT NULL)
  CREATE INDEX call_contact_id_idx ON public.call USING btree (tenant_id, contact_id)
  CREATE INDEX call_created_at ON public.call USING brin (created_at)
  CREATE INDEX call_placed_by_idx ON public.call USING btree (tenant_id, placed_by)
  CREATE INDEX call_restoring_idx ON public.call USING btree (tenant_id, row_id) WHERE (reason = 'restoring'::text)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: telephony_owner
  grants: telephony_eraser: delete, insert, select, update; telephony_probe: select; telephony_service: insert, select, update

create table public.campaign_copy (
  call_id uuid not null,
  campaign_id uuid not null,
  contact_id uuid not null,
  endpoint_hash bytea not null /* no statistics */,
  reserved_at timestamp with time zone not null,
  step smallint not null,
  subject_live boolean generated always as (true) stored,
  tenant_id uuid not null
);
  constraint campaign_copy_anonymous CHECK (((contact_id IS NOT NULL) OR (endpoint_hash IS NULL)))
  constraint campaign_copy_contact_id_fence FOREIGN KEY (tenant_id, contact_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  constraint campaign_copy_pkey PRIMARY KEY (tenant_id, campaign_id, step, endpoint_hash)
  CREATE INDEX campaign_copy_contact_id_idx ON public.campaign_copy USING btree (tenant_id, contact_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: telephony_owner
  grants: telephony_eraser: delete, insert, select, update; telephony_probe: select; telephony_service: delete, insert, select, update

create table public.heard_opt_out (
  call_id uuid not null,
  contact_id uuid not null,
  decide_by timestamp with time zone,
  endpoint_id uuid,
  heard_at timestamp with time zone not null,
  heard_id uuid not null,
  key text,
  sip_status smallint,
  subject_live boolean generated always as (true) stored,
  tenant_id uuid not null,
  words bytea /* no statistics */
);
  constraint heard_opt_out_anonymous CHECK (((contact_id IS NOT NULL) OR (words IS NULL)))
  constraint heard_opt_out_call_key UNIQUE (tenant_id, call_id)
  constraint heard_opt_out_contact_id_fence FOREIGN KEY (tenant_id, contact_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  constraint heard_opt_out_doubts_words CHECK (((decide_by IS NULL) OR (words IS NOT NULL)))
  constraint heard_opt_out_key_check CHECK ((key ~ '^[0-9*#A-D]$'::text))
  constraint heard_opt_out_pkey PRIMARY KEY (tenant_id, heard_id)
  constraint heard_opt_out_says_one CHECK ((num_nonnulls(key, sip_status, words) = 1))
  constraint heard_opt_out_sip_status_check CHECK (((sip_status >= 300) AND (sip_status <= 699)))
  CREATE INDEX heard_opt_out_contact_id_idx ON public.heard_opt_out USING btree (tenant_id, contact_id)
  CREATE INDEX heard_opt_out_doubt_idx ON public.heard_opt_out USING btree (tenant_id, heard_id) WHERE (decide_by IS NOT NULL)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: telephony_owner
  grants: telephony_eraser: delete, insert, select, update; telephony_probe: select; telephony_service: delete, insert, select, update

create table public.recording (
  bytes integer,
  call_id uuid not null,
  contact_id uuid not null,
  expected_at timestamp with time zone not null,
  reason text not null default ''::text,
  state text not null,
  stored_at timestamp with time zone,
  subject_live boolean generated always as (true) stored,
  tenant_id uuid not null
);
  constraint recording_bytes_check CHECK ((bytes >= 0))
  constraint recording_contact_id_fence FOREIGN KEY (tenant_id, contact_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  constraint recording_pkey PRIMARY KEY (tenant_id, call_id)
  constraint recording_reason_check CHECK ((reason ~ '^[a-z0-9_]{0,40}$'::text))
  constraint recording_state_check CHECK ((state = ANY (ARRAY['expected'::text, 'stored'::text, 'lost'::text])))
  constraint recording_stored_has_size CHECK ((((state = 'stored'::text) = (bytes IS NOT NULL)) AND ((state = 'stored'::text) = (stored_at IS NOT NULL))))
  CREATE INDEX recording_contact_id_idx ON public.recording USING btree (tenant_id, contact_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: telephony_owner
  grants: telephony_eraser: delete, insert, select, update; telephony_probe: select; telephony_service: insert, select, update


routine heed.check_tenant_leads(regclass) digest 65d2ca8621d6d19d
routine heed.copy_protection(regclass,regclass) digest 65110ac2cc23a1be
routine heed.day_table(regclass) digest ef0b55ec77e2a72d
routine heed.drop_day_partitions(regclass,timestamp with time zone,timestamp with time zone) digest dd265fc2fd8e3f83 -- telephony_relay: execute; telephony_service: execute
routine heed.ensure_day_partitions(regclass,timestamp with time zone,integer) digest 4c3c86b0921d2c77 -- telephony_relay: execute; telephony_service: execute
routine heed.fenced(regclass,text,text[],boolean,text) digest 75f37d836aa0af52
routine heed.first_id_of(date) digest d0b8fe251866954b
routine heed.forget_statistics(regclass,text[]) digest f235eca0c99d6d14
routine heed.grant_to(text,text,text[]) digest b6e48e4234407207
routine heed.guard_restricted() digest b4efc33cc1c6a387
routine heed.guard_subject() digest bc597881f65334ea
routine heed.hide_retained(regclass) digest 834cd22d858c13c5
routine heed.infrastructure(regclass,text[]) digest 787bdb6ea498480a
routine heed.is_held(uuid,uuid) digest 4cd643780c0b4d97 -- telephony_eraser: execute; telephony_service: execute
routine heed.next_sequence(uuid,uuid) digest ffbe2cdd5e46f664 -- telephony_eraser: execute; telephony_service: execute
routine heed.next_sequences(uuid,uuid[]) digest 937c8dff15ccffa6 -- telephony_eraser: execute; telephony_service: execute
routine heed.partitioned_by_day(regclass,integer) digest a5a102cfe0fb2b0d
routine heed.personal(regclass,text,text[]) digest a32a391963494bfa
routine heed.qualified(regclass) digest 28ef1384a93ca253
routine heed.raise_wall(regclass) digest 2ba15e064ef52bab
routine heed.refer_to_subject(regclass,text,boolean) digest 38db52b9e8beedf7
routine heed.role(text) digest 7f4f20c625a1688f
routine heed.roles(text[]) digest ffb91e086426420e
routine heed.staging(regclass) digest 922af5bb2ca62ca3
routine heed.tend_inbox(integer) digest 692ea235e8b81b38 -- telephony_relay: execute
routine heed.tend_outbox(pg_snapshot) digest 1b7b32c087b5629c -- telephony_relay: execute
routine heed.unchanged_while_restricted(regclass,text,text[]) digest bcd812c4fb4776e3
routine heed.walled(regclass) digest a7e984c499b108cd
routine heed.with_partitions(regclass) digest 39b3343878efe708

partitioned by day: heed.outbox, kept 7 days
