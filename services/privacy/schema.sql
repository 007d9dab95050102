-- The schema after all migrations, generated: npm run schema. Read it, do not run it.

create schema heed; -- privacy_bus: usage; privacy_eraser: usage; privacy_probe: usage; privacy_relay: usage; privacy_service: usage
create schema public; -- privacy_bus: usage; privacy_eraser: usage; privacy_probe: usage; privacy_relay: usage; privacy_service: usage

create table heed.day_partitioned (
  keep_days integer not null,
  relation text not null
);
  constraint day_partitioned_keep_days_check CHECK (((keep_days >= 1) AND (keep_days <= 3660)))
  constraint day_partitioned_pkey PRIMARY KEY (relation)
  owner: privacy_owner
  grants: privacy_probe: select; privacy_relay: select; privacy_service: select

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
  owner: privacy_owner
  grants: privacy_eraser: delete, insert, select, update; privacy_probe: select; privacy_service: delete, insert, select, update

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
  owner: privacy_owner
  grants: privacy_eraser: delete, insert, select, update; privacy_probe: select; privacy_service: delete, insert, select, update

create table heed.hash_key (
  at timestamp with time zone not null,
  kms_key_id text not null /* privacy_service: update */,
  tenant_id uuid not null,
  usable_from timestamp with time zone not null /* privacy_service: update */,
  version smallint not null,
  wrapped bytea not null /* privacy_service: update */
);
  constraint hash_key_pkey PRIMARY KEY (tenant_id, version)
  constraint hash_key_version_check CHECK (((version >= 1) AND (version <= 255)))
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: privacy_owner
  grants: privacy_eraser: insert, select; privacy_probe: select; privacy_service: insert, select

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
  owner: privacy_owner
  grants: privacy_eraser: delete, insert, select, update; privacy_probe: select; privacy_service: delete, insert, select, update

create table heed.inbox (
  consumer text not null,
  event_id uuid not null,
  received_at timestamp with time zone not null
) partition by RANGE (event_id);
  constraint inbox_pkey PRIMARY KEY (event_id, consumer)
  owner: privacy_owner
  grants: privacy_eraser: insert, select; privacy_probe: select; privacy_relay: insert, select; privacy_service: insert, select

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
  owner: privacy_owner
  grants: privacy_eraser: insert, select, update; privacy_probe: select; privacy_relay: insert, select, update; privacy_service: delete, insert, select, update

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
  owner: privacy_owner
  grants: privacy_probe: select; privacy_service: delete, insert, select, update

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
  owner: privacy_owner
  grants: privacy_probe: select; privacy_service: delete, insert, select, update

create table heed.migration (
  applied_at timestamp with time zone not null default clock_timestamp(),
  breaking boolean not null,
  checksum text not null,
  name text not null,
  reason text not null,
  source text not null
);
  constraint migration_pkey PRIMARY KEY (source, name)
  owner: privacy_owner
  grants: public: select

create table heed.offsite_due (
  at timestamp with time zone not null default clock_timestamp(),
  id bigint not null generated as identity,
  log text not null,
  payload bytea not null,
  tenant_id uuid not null
);
  constraint offsite_due_pkey PRIMARY KEY (id)
  owner: privacy_owner
  grants: privacy_eraser: insert; privacy_probe: select; privacy_service: delete, insert, select

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
  owner: privacy_owner
  grants: privacy_eraser: select; privacy_probe: select; privacy_service: delete, insert, select, update

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
  owner: privacy_owner
  grants: privacy_eraser: delete, insert, select, update; privacy_probe: select; privacy_service: delete, insert, select, update

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
  owner: privacy_owner
  grants: privacy_eraser: delete, insert, select, update; privacy_probe: select; privacy_service: delete, insert, select, update

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
  owner: privacy_owner
  grants: privacy_eraser: insert, select; privacy_probe: select; privacy_service: insert, select

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
  permissive policy readers for r to privacy_bus, privacy_relay using true
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: privacy_owner
  grants: privacy_bus: select; privacy_eraser: insert; privacy_probe: select; privacy_relay: select; privacy_service: insert

create table heed.outbox_horizon (
  name text not null,
  seq bigint not null,
  xid xid8 not null
);
  constraint outbox_horizon_name_check CHECK ((name = 'outbox'::text))
  constraint outbox_horizon_pkey PRIMARY KEY (name)
  owner: privacy_owner
  grants: privacy_bus: select; privacy_probe: select; privacy_relay: select, update; privacy_service: select

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
  owner: privacy_owner
  grants: privacy_eraser: delete, insert, select, update; privacy_probe: select; privacy_relay: delete, insert, select, update; privacy_service: delete, insert, select, update

create table heed.parked_key (
  consumer text not null,
  key text not null /* no statistics */,
  replay_asked_at timestamp with time zone,
  since timestamp with time zone not null,
  topic text not null
);
  constraint parked_key_pkey PRIMARY KEY (consumer, topic, key)
  owner: privacy_owner
  grants: privacy_eraser: delete, insert, select, update; privacy_probe: select; privacy_relay: delete, insert, select, update; privacy_service: delete, insert, select, update

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
  owner: privacy_owner
  grants: privacy_probe: select; privacy_service: delete, insert, select, update

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
  owner: privacy_owner
  grants: privacy_probe: select; privacy_service: insert, select

create table heed.receipt (
  action text not null,
  batch_id uuid not null,
  key_id text not null /* privacy_service: update */,
  manifest_version text not null,
  receipt_id uuid not null,
  root bytea not null,
  signature bytea not null /* privacy_service: update */,
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
  owner: privacy_owner
  grants: privacy_eraser: insert, select; privacy_probe: select; privacy_service: insert, select

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
  owner: privacy_owner
  grants: privacy_eraser: insert, select; privacy_probe: select; privacy_service: insert, select

create table heed.refused (
  consumer text not null,
  last_at timestamp with time zone not null,
  n bigint not null default 0,
  reason text not null
);
  constraint refused_pkey PRIMARY KEY (consumer, reason)
  owner: privacy_owner
  grants: privacy_eraser: insert, select, update; privacy_probe: select; privacy_relay: insert, select, update; privacy_service: insert, select, update

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
  owner: privacy_owner
  grants: privacy_probe: select; privacy_relay: select, update; privacy_service: select

create table heed.replay_end (
  at timestamp with time zone not null,
  consumer text not null,
  partition integer not null,
  "position" text not null,
  topic text not null
);
  constraint replay_end_pkey PRIMARY KEY (consumer, topic, partition)
  owner: privacy_owner
  grants: privacy_eraser: select; privacy_probe: select; privacy_relay: select; privacy_service: delete, insert, select, update

create table heed.resync_step (
  began_at timestamp with time zone not null,
  done bigint not null default 0,
  finished_at timestamp with time zone,
  ordinal integer not null,
  step text not null,
  total bigint
);
  constraint resync_step_pkey PRIMARY KEY (step)
  owner: privacy_owner
  grants: privacy_probe: select; privacy_service: delete, insert, select, update

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
  owner: privacy_owner
  grants: privacy_eraser: delete, insert, select, update; privacy_probe: select; privacy_service: delete, insert, select, update

create table heed.rpc_replay (
  answer bytea,
  at timestamp with time zone not null /* privacy_relay: select */,
  id bytea not null /* privacy_relay: select */,
  request_mac bytea not null,
  tenant_id uuid not null /* privacy_relay: select */
) with (fillfactor=70);
  constraint rpc_replay_id_check CHECK ((length(id) = 32))
  constraint rpc_replay_pkey PRIMARY KEY (tenant_id, id)
  constraint rpc_replay_request_mac_check CHECK ((length(request_mac) = 32))
  CREATE INDEX rpc_replay_at ON heed.rpc_replay USING btree (at)
  row level security, forced
  permissive policy expiry for * to privacy_relay using true
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: privacy_owner
  grants: privacy_eraser: delete, insert, select, update; privacy_probe: select; privacy_relay: delete; privacy_service: delete, insert, select, update

create table heed.subject (
  kind text not null default 'contact'::text /* privacy_eraser: insert; privacy_service: insert */,
  live boolean not null default true /* privacy_eraser: insert, update */,
  restricted_by uuid /* privacy_eraser: update */,
  sequence bigint not null default 0 /* privacy_eraser: update; privacy_service: update */,
  subject_id uuid not null /* privacy_eraser: insert; privacy_service: insert */,
  tenant_id uuid not null /* privacy_eraser: insert; privacy_service: insert */
) with (fillfactor=80);
  constraint subject_kind_check CHECK ((kind ~ '^[a-z][a-z_]{0,39}$'::text))
  constraint subject_live_key UNIQUE (tenant_id, subject_id, live)
  constraint subject_pkey PRIMARY KEY (tenant_id, subject_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  CREATE TRIGGER guard_delete BEFORE DELETE ON heed.subject FOR EACH ROW EXECUTE FUNCTION heed.guard_subject()
  CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON heed.subject FOR EACH STATEMENT EXECUTE FUNCTION heed.guard_subject()
  CREATE TRIGGER guard_update BEFORE UPDATE ON heed.subject FOR EACH ROW WHEN (((old.live IS DISTINCT FROM new.live) OR (new.sequence < old.sequence) OR (old.tenant_id IS DISTINCT FROM new.tenant_id) OR (old.subject_id IS DISTINCT FROM new.subject_id))) EXECUTE FUNCTION heed.guard_subject()
  owner: privacy_owner
  grants: privacy_eraser: select; privacy_probe: select; privacy_service: select

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
  owner: privacy_owner
  grants: privacy_eraser: delete, insert, select, update; privacy_probe: select; privacy_service: delete, insert, select, update

create table public.audit_anchor (
  leaf bigint,
  salt bytea not null,
  seq bigint not null,
  statement bytea not null,
  tenant_id uuid not null
);
  constraint audit_anchor_leaf_check CHECK ((leaf >= 0))
  constraint audit_anchor_pkey PRIMARY KEY (tenant_id, seq)
  constraint audit_anchor_salt_check CHECK ((octet_length(salt) = 32))
  constraint audit_anchor_seq_check CHECK ((seq > 0))
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: privacy_owner
  grants: privacy_eraser: delete, insert, select, update; privacy_probe: select; privacy_service: insert, select, update

create table public.audit_entry (
  action text not null,
  actor_id text not null,
  at timestamp with time zone not null,
  entry_id uuid not null,
  hash bytea not null,
  seq bigint not null,
  service text not null,
  subject_id uuid,
  tenant_id uuid not null
);
  constraint audit_entry_action_check CHECK ((action ~ '^[A-Za-z0-9 :_./-]{1,200}$'::text))
  constraint audit_entry_actor_id_check CHECK ((actor_id ~ '^[a-z0-9-]{1,64}$'::text))
  constraint audit_entry_hash_check CHECK ((octet_length(hash) = 32))
  constraint audit_entry_once UNIQUE (tenant_id, entry_id)
  constraint audit_entry_pkey PRIMARY KEY (tenant_id, seq)
  constraint audit_entry_seq_check CHECK ((seq > 0))
  CREATE INDEX audit_entry_at ON public.audit_entry USING brin (at)
  CREATE INDEX audit_entry_by_actor ON public.audit_entry USING btree (tenant_id, actor_id, seq)
  CREATE INDEX audit_entry_by_subject ON public.audit_entry USING btree (tenant_id, subject_id, seq) WHERE (subject_id IS NOT NULL)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: privacy_owner
  grants: privacy_eraser: delete, insert, select, update; privacy_probe: select; privacy_service: insert, select

create table public.audit_head (
  hash bytea not null,
  seq bigint not null,
  tenant_id uuid not null
);
  constraint audit_head_hash_check CHECK ((octet_length(hash) = 32))
  constraint audit_head_pkey PRIMARY KEY (tenant_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: privacy_owner
  grants: privacy_eraser: delete, insert, select, update; privacy_probe: select; privacy_service: insert, select, update

create table public.audit_pending (
  action text not null,
  actor_id text not null,
  at timestamp with time zone not null,
  entry_id uuid not null,
  no bigint not null generated as identity,
  service text not null,
  subject_id uuid,
  tenant_id uuid not null
);
  constraint audit_pending_action_check CHECK ((action ~ '^[A-Za-z0-9 :_./-]{1,200}$'::text))
  constraint audit_pending_actor_id_check CHECK ((actor_id ~ '^[a-z0-9-]{1,64}$'::text))
  constraint audit_pending_pkey PRIMARY KEY (tenant_id, entry_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: privacy_owner
  grants: privacy_eraser: delete, insert, select, update; privacy_probe: select; privacy_service: delete, insert, select, update

create table public.batch_receipt (
  batch_id uuid not null,
  leaf bigint,
  receipt bytea not null,
  receipt_id uuid not null,
  received_at timestamp with time zone not null,
  service text not null,
  tenant_id uuid not null,
  verified_at timestamp with time zone
);
  constraint batch_receipt_id UNIQUE (tenant_id, receipt_id)
  constraint batch_receipt_pkey PRIMARY KEY (tenant_id, batch_id, service)
  constraint batch_receipt_tenant_id_batch_id_fkey FOREIGN KEY (tenant_id, batch_id) REFERENCES issued_batch(tenant_id, batch_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: privacy_owner
  grants: privacy_eraser: delete, insert, select, update; privacy_probe: select; privacy_service: delete, insert, select, update

create table public.erasure_ledger (
  at timestamp with time zone not null,
  entry_no bigint not null generated as identity,
  request_id uuid not null,
  subject_id uuid not null,
  tenant_id uuid not null,
  withdrawn boolean not null default false
);
  constraint erasure_ledger_pkey PRIMARY KEY (tenant_id, entry_no)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: privacy_owner
  grants: privacy_eraser: insert, select; privacy_probe: select; privacy_service: insert, select

create table public.hold (
  ground text not null,
  hold_id uuid not null,
  matter text not null,
  placed_at timestamp with time zone not null,
  placed_by uuid not null,
  released_at timestamp with time zone,
  released_by uuid,
  subject_id uuid not null,
  subject_kind text not null,
  tenant_id uuid not null,
  too_late_for text[] not null default '{}'::text[],
  too_late_request uuid,
  until timestamp with time zone,
  without_telling boolean not null default false
);
  constraint hold_ground_check CHECK ((ground ~ '^[a-z][a-z_]{2,39}$'::text))
  constraint hold_matter_check CHECK ((matter ~ '^[A-Za-z0-9][A-Za-z0-9._/-]{0,59}$'::text))
  constraint hold_pkey PRIMARY KEY (tenant_id, hold_id)
  constraint hold_subject_kind_check CHECK ((subject_kind = ANY (ARRAY['contact'::text, 'member'::text])))
  CREATE INDEX hold_subject ON public.hold USING btree (tenant_id, subject_id) WHERE (released_at IS NULL)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  CREATE TRIGGER hold_offsite AFTER INSERT OR UPDATE ON public.hold FOR EACH ROW EXECUTE FUNCTION copy_hold()
  CREATE TRIGGER hold_told AFTER INSERT OR UPDATE ON public.hold FOR EACH ROW EXECUTE FUNCTION tell_hold()
  owner: privacy_owner
  grants: privacy_eraser: delete, insert, select, update; privacy_probe: select; privacy_service: delete, insert, select, update

create table public.incarnation_witness (
  nonce uuid not null,
  number bigint not null,
  service text not null,
  witnessed_at timestamp with time zone not null
);
  constraint incarnation_witness_pkey PRIMARY KEY (service)
  owner: privacy_owner
  grants: privacy_probe: select; privacy_service: delete, insert, select, update

create table public.issued_batch (
  action text not null,
  answered_at timestamp with time zone,
  asked integer not null default 1,
  batch_id uuid not null,
  issued bytea not null,
  issued_at timestamp with time zone not null,
  services text[] not null,
  tenant_id uuid not null
);
  constraint issued_batch_pkey PRIMARY KEY (tenant_id, batch_id)
  CREATE INDEX issued_batch_out ON public.issued_batch USING btree (tenant_id, action, issued_at) WHERE (answered_at IS NULL)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: privacy_owner
  grants: privacy_eraser: delete, insert, select, update; privacy_probe: select; privacy_service: delete, insert, select, update

create table public.log_again (
  again bigint not null,
  leaf bigint not null,
  origin integer not null
);
  constraint log_again_again_fkey FOREIGN KEY (again) REFERENCES log_leaf(index)
  constraint log_again_again_key UNIQUE (again)
  constraint log_again_leaf_fkey FOREIGN KEY (leaf) REFERENCES log_leaf(index)
  constraint log_again_origin_fkey FOREIGN KEY (origin) REFERENCES log_origin(number)
  constraint log_again_pkey PRIMARY KEY (origin, leaf)
  owner: privacy_owner
  grants: privacy_probe: select; privacy_service: insert, select

create table public.log_checkpoint (
  at timestamp with time zone not null,
  note text not null,
  origin integer not null,
  root bytea not null,
  size bigint not null
);
  constraint log_checkpoint_origin_fkey FOREIGN KEY (origin) REFERENCES log_origin(number)
  constraint log_checkpoint_pkey PRIMARY KEY (origin, size)
  constraint log_checkpoint_root_check CHECK ((octet_length(root) = 32))
  constraint log_checkpoint_size_check CHECK ((size >= 0))
  owner: privacy_owner
  grants: privacy_probe: select; privacy_service: insert, select

create table public.log_cosignature (
  at timestamp with time zone not null /* privacy_service: update */,
  line text not null /* privacy_service: update */,
  origin integer not null,
  service text not null,
  size bigint not null /* privacy_service: update */,
  vkey text not null /* privacy_service: update */
);
  constraint log_cosignature_origin_fkey FOREIGN KEY (origin) REFERENCES log_origin(number)
  constraint log_cosignature_origin_size_fkey FOREIGN KEY (origin, size) REFERENCES log_checkpoint(origin, size)
  constraint log_cosignature_pkey PRIMARY KEY (origin, service)
  owner: privacy_owner
  grants: privacy_probe: select; privacy_service: insert, select

create table public.log_key (
  key_id text not null,
  leaf_index bigint not null,
  origin integer not null,
  revoked_index bigint /* privacy_service: update */,
  service text not null
);
  constraint log_key_key_id_check CHECK ((key_id ~ '^[0-9a-f]{16}$'::text))
  constraint log_key_leaf_index_fkey FOREIGN KEY (leaf_index) REFERENCES log_leaf(index)
  constraint log_key_origin_fkey FOREIGN KEY (origin) REFERENCES log_origin(number)
  constraint log_key_pkey PRIMARY KEY (origin, key_id)
  constraint log_key_revoked_index_fkey FOREIGN KEY (revoked_index) REFERENCES log_leaf(index)
  CREATE INDEX log_key_service ON public.log_key USING btree (origin, service)
  owner: privacy_owner
  grants: privacy_probe: select; privacy_service: insert, select

create table public.log_leaf (
  at timestamp with time zone not null,
  data bytea not null,
  index bigint not null,
  leaf_hash bytea not null
);
  constraint log_leaf_index_check CHECK ((index >= 0))
  constraint log_leaf_leaf_hash_check CHECK ((octet_length(leaf_hash) = 32))
  constraint log_leaf_pkey PRIMARY KEY (index)
  owner: privacy_owner
  grants: privacy_probe: select; privacy_service: insert, select

create table public.log_origin (
  begun_at timestamp with time zone not null,
  first_leaf bigint not null,
  forked_at timestamp with time zone /* privacy_service: update */,
  forked_note text /* privacy_service: update */,
  name text not null,
  number integer not null
);
  constraint log_origin_check CHECK (((forked_note IS NULL) = (forked_at IS NULL)))
  constraint log_origin_first_leaf_check CHECK ((first_leaf >= 0))
  constraint log_origin_name_key UNIQUE (name)
  constraint log_origin_number_check CHECK ((number > 0))
  constraint log_origin_pkey PRIMARY KEY (number)
  owner: privacy_owner
  grants: privacy_probe: select; privacy_service: insert, select

create table public.log_signer (
  added_index bigint not null,
  follows text,
  origin integer not null,
  vkey text not null
);
  constraint log_signer_added_index_fkey FOREIGN KEY (added_index) REFERENCES log_leaf(index)
  constraint log_signer_added_index_key UNIQUE (added_index)
  constraint log_signer_follows_fkey FOREIGN KEY (follows) REFERENCES log_signer(vkey)
  constraint log_signer_origin_fkey FOREIGN KEY (origin) REFERENCES log_origin(number)
  constraint log_signer_origin_follows_key UNIQUE NULLS NOT DISTINCT (origin, follows)
  constraint log_signer_pkey PRIMARY KEY (vkey)
  owner: privacy_owner
  grants: privacy_probe: select; privacy_service: insert, select

create table public.manifest (
  content bytea not null,
  key_id text not null,
  seen_at timestamp with time zone not null,
  service text not null,
  signature bytea not null,
  version text not null
);
  constraint manifest_pkey PRIMARY KEY (service, version)
  constraint manifest_version_check CHECK ((version ~ '^[0-9a-f]{64}$'::text))
  owner: privacy_owner
  grants: privacy_probe: select; privacy_service: delete, insert, select, update

create table public.opening (
  found boolean not null generated always as ((POSITION(('\x226f7574636f6d65223a2250524f4245445f464f554e4422'::bytea) IN (statement)) > 0)) stored,
  leaf_index integer not null,
  order_id uuid not null,
  path bytea[] not null,
  salt bytea not null,
  service text not null,
  statement bytea not null,
  tenant_id uuid not null
);
  constraint opening_pkey PRIMARY KEY (tenant_id, order_id, service)
  constraint opening_salt_check CHECK ((length(salt) = 32))
  constraint opening_tenant_id_order_id_fkey FOREIGN KEY (tenant_id, order_id) REFERENCES subject_order(tenant_id, order_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: privacy_owner
  grants: privacy_eraser: delete, insert, select, update; privacy_probe: select; privacy_service: delete, insert, select, update

create table public.order_counter (
  last_number bigint not null,
  subject_id uuid not null,
  tenant_id uuid not null
);
  constraint order_counter_pkey PRIMARY KEY (tenant_id, subject_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: privacy_owner
  grants: privacy_eraser: delete, insert, select, update; privacy_probe: select; privacy_service: delete, insert, select, update

create table public.package_part (
  chunk bytea /* no statistics */,
  chunk_no integer not null,
  expires_at timestamp with time zone not null,
  file_no integer not null,
  name text not null /* no statistics */,
  request_id uuid not null,
  subject_id uuid not null,
  subject_live boolean generated always as (true) stored,
  tenant_id uuid not null
);
  constraint package_part_anonymous CHECK (((subject_id IS NOT NULL) OR ((name IS NULL) AND (chunk IS NULL))))
  constraint package_part_pkey PRIMARY KEY (tenant_id, request_id, file_no, chunk_no)
  constraint package_part_subject_id_fence FOREIGN KEY (tenant_id, subject_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  CREATE INDEX package_part_subject_id_idx ON public.package_part USING btree (tenant_id, subject_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: privacy_owner
  grants: privacy_eraser: delete, insert, select, update; privacy_probe: select; privacy_service: delete, insert, select, update

create table public.participant (
  all_tenants boolean not null,
  enrolled_at timestamp with time zone not null,
  handed bigint not null default 0,
  issued bigint not null default 0,
  key_id text not null,
  name text not null,
  public_key bytea not null,
  retired_at timestamp with time zone,
  retired_leaf bigint,
  retirement bytea,
  retirement_signature bytea,
  seen_at timestamp with time zone,
  without_receipt text
);
  constraint participant_check CHECK ((((retirement IS NULL) = (retirement_signature IS NULL)) AND ((retired_at IS NULL) = ((retirement IS NULL) AND (without_receipt IS NULL))) AND ((retirement IS NULL) OR (without_receipt IS NULL))))
  constraint participant_key_id_check CHECK ((key_id ~ '^[0-9a-f]{16}$'::text))
  constraint participant_key_id_key UNIQUE (key_id)
  constraint participant_name_check CHECK ((name ~ '^[a-z][a-z0-9-]{1,39}$'::text))
  constraint participant_pkey PRIMARY KEY (name)
  constraint participant_public_key_check CHECK ((length(public_key) = 32))
  constraint participant_without_receipt_check CHECK ((without_receipt ~ '^[a-z0-9_]{1,60}$'::text))
  owner: privacy_owner
  grants: privacy_probe: select; privacy_service: delete, insert, select, update

create table public.participant_delivery (
  answered_at timestamp with time zone,
  batch_id uuid,
  issued_at timestamp with time zone not null,
  name text not null,
  "position" bigint not null,
  tenant_id uuid not null
);
  constraint participant_delivery_name_fkey FOREIGN KEY (name) REFERENCES participant(name)
  constraint participant_delivery_pkey PRIMARY KEY (name, "position")
  constraint participant_delivery_position_check CHECK (("position" > 0))
  CREATE INDEX participant_delivery_batch ON public.participant_delivery USING btree (tenant_id, batch_id, name)
  CREATE INDEX participant_delivery_unanswered ON public.participant_delivery USING btree (name, issued_at) WHERE (answered_at IS NULL)
  owner: privacy_owner
  grants: privacy_probe: select; privacy_service: delete, insert, select, update

create table public.participant_tenant (
  name text not null,
  tenant_id uuid not null
);
  constraint participant_tenant_name_fkey FOREIGN KEY (name) REFERENCES participant(name)
  constraint participant_tenant_pkey PRIMARY KEY (name, tenant_id)
  owner: privacy_owner
  grants: privacy_probe: select; privacy_service: delete, insert, select, update

create table public.permit (
  address_salt bytea not null /* no statistics */,
  attempt_id uuid not null,
  issued_at timestamp with time zone not null,
  issued_to text not null,
  lifetime_ms integer not null,
  nonce bytea not null,
  permit_id uuid not null,
  purpose text not null,
  rests_on uuid not null,
  rule_version text not null,
  subject_id uuid not null,
  subject_live boolean generated always as (true) stored,
  tenant_id uuid not null
);
  constraint permit_anonymous CHECK (((subject_id IS NOT NULL) OR (address_salt IS NULL)))
  constraint permit_lifetime_ms_check CHECK (((lifetime_ms >= 1) AND (lifetime_ms <= 1000)))
  constraint permit_nonce_check CHECK ((octet_length(nonce) = 16))
  constraint permit_once UNIQUE (tenant_id, attempt_id, nonce)
  constraint permit_pkey PRIMARY KEY (tenant_id, permit_id)
  constraint permit_subject_id_fence FOREIGN KEY (tenant_id, subject_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  CREATE INDEX permit_issued_idx ON public.permit USING btree (tenant_id, issued_at)
  CREATE INDEX permit_subject_id_idx ON public.permit USING btree (tenant_id, subject_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: privacy_owner
  grants: privacy_eraser: delete, insert, select, update; privacy_probe: select; privacy_service: delete, insert, select

create table public.probe_hit (
  column_name text not null,
  found_at timestamp with time zone not null,
  hit_id uuid not null,
  reason text,
  request_id uuid not null,
  resolution text,
  resolved_at timestamp with time zone,
  resolved_by text,
  row_key text not null,
  service text not null,
  store text not null,
  sweep_id uuid not null,
  tenant_id uuid not null
);
  constraint probe_hit_check CHECK ((num_nulls(resolution, reason, resolved_by, resolved_at) = ANY (ARRAY[0, 4])))
  constraint probe_hit_pkey PRIMARY KEY (tenant_id, hit_id)
  constraint probe_hit_reason_check CHECK ((reason ~ '^[A-Za-z0-9._-]{1,60}$'::text))
  constraint probe_hit_resolution_check CHECK ((resolution = ANY (ARRAY['removed'::text, 'not_theirs'::text])))
  constraint probe_hit_resolved_by_check CHECK ((resolved_by ~ '^[a-z0-9-]{1,64}$'::text))
  constraint probe_hit_row_key_check CHECK ((length(row_key) <= 2000))
  CREATE INDEX probe_hit_open ON public.probe_hit USING btree (tenant_id, hit_id) WHERE (resolution IS NULL)
  CREATE UNIQUE INDEX probe_hit_place ON public.probe_hit USING btree (tenant_id, request_id, service, store, column_name, row_key)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: privacy_owner
  grants: privacy_eraser: delete, insert, select, update; privacy_probe: select; privacy_service: delete, insert, select, update

create table public.processor (
  certificate text not null default ''::text,
  contact text not null default ''::text,
  domain text not null default ''::text,
  how text not null,
  name text not null,
  regulation text not null,
  set_at timestamp with time zone not null,
  store text not null,
  tenant_id uuid not null,
  url text not null default ''::text
);
  constraint processor_certificate_check CHECK ((length(certificate) <= 8000))
  constraint processor_check CHECK (((how = 'PERSON'::text) OR ((url <> ''::text) AND (domain <> ''::text) AND (certificate <> ''::text))))
  constraint processor_contact_check CHECK ((length(contact) <= 500))
  constraint processor_domain_check CHECK ((length(domain) <= 253))
  constraint processor_how_check CHECK ((how = ANY (ARRAY['OPENDSR'::text, 'PERSON'::text])))
  constraint processor_name_check CHECK ((name ~ '^[^[:cntrl:]]{1,100}$'::text))
  constraint processor_pkey PRIMARY KEY (tenant_id, store)
  constraint processor_regulation_check CHECK ((regulation = ANY (ARRAY['gdpr'::text, 'ccpa'::text])))
  constraint processor_store_check CHECK ((store ~ '^[a-z][a-z0-9-]{0,39}\.[a-z0-9_.-]{1,120}$'::text))
  constraint processor_url_check CHECK ((length(url) <= 500))
  owner: privacy_owner
  grants: privacy_probe: select; privacy_service: delete, insert, select, update

create table public.processor_answer (
  answer_no integer not null,
  leaf bigint,
  processor_order_id uuid not null,
  salt bytea not null,
  statement bytea not null,
  tenant_id uuid not null
);
  constraint processor_answer_answer_no_check CHECK ((answer_no > 0))
  constraint processor_answer_pkey PRIMARY KEY (tenant_id, processor_order_id, answer_no)
  constraint processor_answer_salt_check CHECK ((length(salt) = 32))
  constraint processor_answer_tenant_id_processor_order_id_fkey FOREIGN KEY (tenant_id, processor_order_id) REFERENCES processor_order(tenant_id, processor_order_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: privacy_owner
  grants: privacy_eraser: delete, insert, select, update; privacy_probe: select; privacy_service: delete, insert, select, update

create table public.processor_order (
  answered_at timestamp with time zone,
  channels text[] not null,
  created_at timestamp with time zone not null,
  expected_by timestamp with time zone,
  failures integer not null default 0,
  handed_over bigint not null,
  name text not null,
  needs_person boolean not null default false,
  problem text not null default ''::text,
  processor_order_id uuid not null,
  reference text not null default ''::text,
  request_id uuid not null,
  said_by text,
  state text not null,
  store text not null,
  tenant_id uuid not null,
  told_at timestamp with time zone
);
  constraint processor_order_check CHECK (((state = 'NOT_TOLD'::text) = (told_at IS NULL)))
  constraint processor_order_handed_over_check CHECK ((handed_over > 0))
  constraint processor_order_pkey PRIMARY KEY (tenant_id, processor_order_id)
  constraint processor_order_problem_check CHECK ((problem ~ '^[A-Z_]{0,40}$'::text))
  constraint processor_order_reference_check CHECK ((reference ~ '^[ -~]{0,100}$'::text))
  constraint processor_order_said_by_check CHECK ((said_by = ANY (ARRAY['PROCESSOR'::text, 'PERSON'::text])))
  constraint processor_order_state_check CHECK ((state = ANY (ARRAY['NOT_TOLD'::text, 'PENDING'::text, 'IN_PROGRESS'::text, 'COMPLETED'::text, 'CANCELLED'::text])))
  constraint processor_order_tenant_id_request_id_store_key UNIQUE (tenant_id, request_id, store)
  CREATE INDEX processor_order_person ON public.processor_order USING btree (tenant_id, processor_order_id) WHERE needs_person
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: privacy_owner
  grants: privacy_eraser: delete, insert, select, update; privacy_probe: select; privacy_service: delete, insert, select, update

create table public.request (
  approved_by uuid,
  asked_right text not null,
  attention_at timestamp with time zone,
  closed_at timestamp with time zone,
  closing_leaf bigint,
  closing_salt bytea,
  closing_statement bytea,
  due_at timestamp with time zone not null,
  exception_reason text,
  extended_because text,
  handle uuid,
  informed text,
  needs_second_person boolean not null default false,
  objects boolean not null,
  received_at timestamp with time zone not null,
  refusal_ground text,
  request_id uuid not null,
  state text not null,
  subject_id uuid not null,
  subject_kind text not null,
  taken_by uuid not null,
  tenant_id uuid not null,
  verification text not null
);
  constraint request_asked_right_check CHECK ((asked_right = ANY (ARRAY['ERASURE'::text, 'ACCESS'::text, 'RESTRICTION'::text, 'LIFT'::text, 'CORRECTION'::text])))
  constraint request_closing_salt_check CHECK ((length(closing_salt) = 32))
  constraint request_exception_reason_check CHECK ((exception_reason ~ '^[a-z][a-z0-9_]{2,59}$'::text))
  constraint request_exceptions_have_reason CHECK (((state <> 'COMPLETED_WITH_EXCEPTIONS'::text) OR (exception_reason IS NOT NULL)))
  constraint request_extended_because_check CHECK ((extended_because = ANY (ARRAY['complexity'::text, 'number_of_requests'::text])))
  constraint request_informed_check CHECK ((informed ~ '^[a-z_]{1,40}$'::text))
  constraint request_pkey PRIMARY KEY (tenant_id, request_id)
  constraint request_refusal_ground_check CHECK ((refusal_ground ~ '^[a-z][a-z_]{2,39}$'::text))
  constraint request_refused_on_ground CHECK (((state = 'REFUSED'::text) = (refusal_ground IS NOT NULL)))
  constraint request_state_check CHECK ((state = ANY (ARRAY['INFORMING'::text, 'FANNED_OUT'::text, 'PROBING'::text, 'CLOSING'::text, 'COMPLETED'::text, 'COMPLETED_WITH_EXCEPTIONS'::text, 'NEEDS_ATTENTION'::text, 'REFUSED'::text, 'CANCELLED'::text, 'HELD'::text, 'REVIEW'::text])))
  constraint request_subject_kind_check CHECK ((subject_kind = ANY (ARRAY['contact'::text, 'member'::text])))
  constraint request_taken_back_ended CHECK (((state <> ALL (ARRAY['REFUSED'::text, 'CANCELLED'::text])) OR (closed_at IS NOT NULL)))
  constraint request_verification_check CHECK ((verification ~ '^[a-z_]{1,40}$'::text))
  constraint request_verified CHECK (((verification <> 'none'::text) OR (state = ANY (ARRAY['REVIEW'::text, 'REFUSED'::text, 'CANCELLED'::text]))))
  CREATE INDEX request_by_subject ON public.request USING btree (tenant_id, subject_id)
  CREATE UNIQUE INDEX request_open ON public.request USING btree (tenant_id, subject_id, asked_right) WHERE (closed_at IS NULL)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  CREATE TRIGGER request_offsite AFTER INSERT ON public.request FOR EACH ROW EXECUTE FUNCTION copy_request()
  CREATE TRIGGER request_offsite_later AFTER UPDATE ON public.request FOR EACH ROW WHEN (((old.closed_at IS DISTINCT FROM new.closed_at) OR (old.due_at <> new.due_at) OR (old.approved_by IS DISTINCT FROM new.approved_by))) EXECUTE FUNCTION copy_request()
  CREATE TRIGGER request_review BEFORE UPDATE OF state ON public.request FOR EACH ROW WHEN (((old.state = 'REVIEW'::text) AND (new.approved_by IS NULL) AND (new.state = ANY (ARRAY['INFORMING'::text, 'HELD'::text, 'FANNED_OUT'::text, 'PROBING'::text, 'CLOSING'::text])))) EXECUTE FUNCTION demand_approval()
  owner: privacy_owner
  grants: privacy_eraser: delete, insert, select, update; privacy_probe: select; privacy_service: delete, insert, select, update

create table public.request_correction (
  content bytea /* no statistics */,
  request_id uuid not null,
  subject_id uuid not null,
  subject_live boolean generated always as (true) stored,
  tenant_id uuid not null
);
  constraint request_correction_anonymous CHECK (((subject_id IS NOT NULL) OR (content IS NULL)))
  constraint request_correction_pkey PRIMARY KEY (tenant_id, request_id)
  constraint request_correction_subject_id_fence FOREIGN KEY (tenant_id, subject_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  CREATE INDEX request_correction_subject_id_idx ON public.request_correction USING btree (tenant_id, subject_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: privacy_owner
  grants: privacy_eraser: delete, insert, select, update; privacy_probe: select; privacy_service: delete, insert, select, update

create table public.request_identifier (
  address bytea /* no statistics */,
  channel text not null,
  handle uuid not null,
  identifier_id uuid not null,
  request_id uuid not null,
  subject_id uuid not null,
  subject_live boolean generated always as (true) stored,
  tenant_id uuid not null
);
  constraint request_identifier_anonymous CHECK (((subject_id IS NOT NULL) OR (address IS NULL)))
  constraint request_identifier_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'voice'::text])))
  constraint request_identifier_pkey PRIMARY KEY (tenant_id, identifier_id)
  constraint request_identifier_subject_id_fence FOREIGN KEY (tenant_id, subject_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  CREATE INDEX request_identifier_handle ON public.request_identifier USING btree (tenant_id, handle)
  CREATE INDEX request_identifier_subject_id_idx ON public.request_identifier USING btree (tenant_id, subject_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: privacy_owner
  grants: privacy_eraser: delete, insert, select, update; privacy_probe: select; privacy_service: delete, insert, select, update

create table public.request_pin (
  manifest_version text not null,
  request_id uuid not null,
  service text not null,
  tenant_id uuid not null
);
  constraint request_pin_manifest_version_check CHECK ((manifest_version ~ '^[0-9a-f]{64}$'::text))
  constraint request_pin_pkey PRIMARY KEY (tenant_id, request_id, service)
  constraint request_pin_service_check CHECK ((service ~ '^[a-z][a-z0-9-]{0,39}$'::text))
  constraint request_pin_tenant_id_request_id_fkey FOREIGN KEY (tenant_id, request_id) REFERENCES request(tenant_id, request_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: privacy_owner
  grants: privacy_eraser: delete, insert, select, update; privacy_probe: select; privacy_service: delete, insert, select, update

create table public.requester (
  address bytea not null /* no statistics */,
  request_id uuid not null,
  requester_id uuid not null,
  subject_live boolean generated always as (true) stored,
  tenant_id uuid not null
);
  constraint requester_anonymous CHECK (((requester_id IS NOT NULL) OR (address IS NULL)))
  constraint requester_pkey PRIMARY KEY (tenant_id, requester_id)
  constraint requester_request_key UNIQUE (tenant_id, request_id)
  constraint requester_requester_id_fence FOREIGN KEY (tenant_id, requester_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: privacy_owner
  grants: privacy_eraser: delete, insert, select, update; privacy_probe: select; privacy_service: delete, insert, select, update

create table public.requester_notice (
  expires_at timestamp with time zone not null,
  message_id uuid not null,
  notice text not null,
  requested_at timestamp with time zone not null,
  requester_id uuid not null,
  subject_live boolean generated always as (true) stored,
  tenant_id uuid not null
);
  constraint requester_notice_notice_check CHECK ((notice = ANY (ARRAY['request_received'::text, 'request_completed'::text, 'restriction_ending'::text, 'request_extended'::text, 'request_refused'::text, 'request_cancelled'::text, 'request_held'::text])))
  constraint requester_notice_pkey PRIMARY KEY (tenant_id, message_id)
  constraint requester_notice_requester_id_fence FOREIGN KEY (tenant_id, requester_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  CREATE INDEX requester_notice_requester_idx ON public.requester_notice USING btree (tenant_id, requester_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: privacy_owner
  grants: privacy_eraser: delete, insert, select, update; privacy_probe: select; privacy_service: delete, insert, select, update

create table public.restriction (
  request_id uuid not null,
  since timestamp with time zone not null,
  subject_id uuid not null,
  tenant_id uuid not null
);
  constraint restriction_pkey PRIMARY KEY (tenant_id, subject_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: privacy_owner
  grants: privacy_eraser: delete, insert, select, update; privacy_probe: select; privacy_service: delete, insert, select, update

create table public.retired_store (
  leaf bigint not null,
  manifest_version text not null,
  retired_at timestamp with time zone not null,
  service text not null,
  store text not null
);
  constraint retired_store_pkey PRIMARY KEY (service, store)
  constraint retired_store_service_check CHECK ((service ~ '^[a-z][a-z0-9-]{0,39}$'::text))
  constraint retired_store_service_manifest_version_fkey FOREIGN KEY (service, manifest_version) REFERENCES manifest(service, version)
  constraint retired_store_store_check CHECK ((store ~ '^[a-z0-9][a-z0-9_.-]{0,99}$'::text))
  owner: privacy_owner
  grants: privacy_probe: select; privacy_service: delete, insert, select, update

create table public.review_rule (
  asked_right text not null,
  intake text not null,
  "position" smallint not null,
  tenant_id uuid not null,
  verification text not null
);
  constraint review_rule_asked_right_check CHECK ((asked_right ~ '^[A-Z]{0,20}$'::text))
  constraint review_rule_intake_check CHECK ((intake = ANY (ARRAY[''::text, 'single'::text, 'batch'::text])))
  constraint review_rule_pkey PRIMARY KEY (tenant_id, "position")
  constraint review_rule_verification_check CHECK ((verification ~ '^[a-z_]{0,40}$'::text))
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: privacy_owner
  grants: privacy_eraser: delete, insert, select, update; privacy_probe: select; privacy_service: delete, insert, select, update

create table public.review_rules (
  second_person boolean not null,
  tenant_id uuid not null,
  updated_at timestamp with time zone not null,
  updated_by uuid not null
);
  constraint review_rules_pkey PRIMARY KEY (tenant_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: privacy_owner
  grants: privacy_eraser: delete, insert, select, update; privacy_probe: select; privacy_service: delete, insert, select, update

create table public.search_needle (
  address bytea not null /* no statistics */,
  channel text not null,
  created_at timestamp with time zone not null,
  handle uuid not null,
  holder_id uuid not null,
  needle_id uuid not null,
  request_id uuid not null,
  subject_live boolean generated always as (true) stored,
  tenant_id uuid not null
);
  constraint search_needle_anonymous CHECK (((holder_id IS NOT NULL) OR (address IS NULL)))
  constraint search_needle_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'voice'::text])))
  constraint search_needle_holder_id_fence FOREIGN KEY (tenant_id, holder_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  constraint search_needle_pkey PRIMARY KEY (tenant_id, needle_id)
  CREATE INDEX search_needle_handle ON public.search_needle USING btree (tenant_id, handle)
  CREATE INDEX search_needle_holder_id_idx ON public.search_needle USING btree (tenant_id, holder_id)
  CREATE INDEX search_needle_request ON public.search_needle USING btree (tenant_id, request_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: privacy_owner
  grants: privacy_eraser: delete, insert, select, update; privacy_probe: select; privacy_service: delete, insert, select, update

create table public.subject_order (
  action text not null,
  answered_at timestamp with time zone,
  batch_id uuid,
  created_at timestamp with time zone not null,
  order_id uuid not null,
  order_number bigint not null,
  request_id uuid not null,
  subject_id uuid not null,
  tenant_id uuid not null
);
  constraint subject_order_action_check CHECK ((action = ANY (ARRAY['ERASE'::text, 'PROBE'::text, 'ACCESS'::text, 'RESTRICT'::text, 'LIFT'::text, 'CORRECT'::text])))
  constraint subject_order_number UNIQUE (tenant_id, subject_id, order_number)
  constraint subject_order_pkey PRIMARY KEY (tenant_id, order_id)
  constraint subject_order_tenant_id_request_id_fkey FOREIGN KEY (tenant_id, request_id) REFERENCES request(tenant_id, request_id)
  CREATE INDEX subject_order_batch ON public.subject_order USING btree (tenant_id, batch_id)
  CREATE INDEX subject_order_request ON public.subject_order USING btree (tenant_id, request_id)
  CREATE INDEX subject_order_unsealed ON public.subject_order USING btree (tenant_id, action, created_at) WHERE (batch_id IS NULL)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: privacy_owner
  grants: privacy_eraser: delete, insert, select, update; privacy_probe: select; privacy_service: delete, insert, select, update

create table public.sweep (
  began_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  requests integer not null,
  sweep_id uuid not null
);
  constraint sweep_pkey PRIMARY KEY (sweep_id)
  constraint sweep_requests_check CHECK ((requests > 0))
  CREATE UNIQUE INDEX sweep_one ON public.sweep USING btree ((true)) WHERE (ended_at IS NULL)
  owner: privacy_owner
  grants: privacy_probe: select; privacy_service: delete, insert, select, update

create table public.sweep_due (
  closed_at timestamp with time zone not null,
  request_id uuid not null,
  subject_id uuid not null,
  sweep_id uuid,
  tenant_id uuid not null
);
  constraint sweep_due_pkey PRIMARY KEY (tenant_id, request_id)
  constraint sweep_due_sweep_id_fkey FOREIGN KEY (sweep_id) REFERENCES sweep(sweep_id)
  CREATE INDEX sweep_due_sweep ON public.sweep_due USING btree (sweep_id)
  CREATE INDEX sweep_due_waiting ON public.sweep_due USING btree (closed_at) WHERE (sweep_id IS NULL)
  owner: privacy_owner
  grants: privacy_probe: select; privacy_service: delete, insert, select, update

create table public.sweep_opening (
  leaf bigint not null,
  path bytea[] not null,
  "position" integer not null,
  request_id uuid not null,
  salt bytea not null,
  service text not null,
  statement bytea not null,
  sweep_id uuid not null,
  tenant_id uuid not null
);
  constraint sweep_opening_pkey PRIMARY KEY (tenant_id, request_id, service)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: privacy_owner
  grants: privacy_eraser: delete, insert, select, update; privacy_probe: select; privacy_service: delete, insert, select, update

create table public.sweep_part (
  answered_at timestamp with time zone,
  excepted integer not null default 0,
  found integer not null default 0,
  leaf bigint,
  service text not null,
  sweep_id uuid not null
);
  constraint sweep_part_check CHECK (((answered_at IS NULL) = (leaf IS NULL)))
  constraint sweep_part_pkey PRIMARY KEY (sweep_id, service)
  constraint sweep_part_sweep_id_fkey FOREIGN KEY (sweep_id) REFERENCES sweep(sweep_id)
  owner: privacy_owner
  grants: privacy_probe: select; privacy_service: delete, insert, select, update


routine heed.check_tenant_leads(regclass) digest 65d2ca8621d6d19d
routine heed.copy_protection(regclass,regclass) digest 65110ac2cc23a1be
routine heed.day_table(regclass) digest ef0b55ec77e2a72d
routine heed.drop_day_partitions(regclass,timestamp with time zone,timestamp with time zone) digest dd265fc2fd8e3f83 -- privacy_relay: execute; privacy_service: execute
routine heed.ensure_day_partitions(regclass,timestamp with time zone,integer) digest 4c3c86b0921d2c77 -- privacy_relay: execute; privacy_service: execute
routine heed.fenced(regclass,text,text[],boolean,text) digest 75f37d836aa0af52
routine heed.first_id_of(date) digest d0b8fe251866954b
routine heed.forget_statistics(regclass,text[]) digest f235eca0c99d6d14
routine heed.grant_to(text,text,text[]) digest b6e48e4234407207
routine heed.guard_restricted() digest b4efc33cc1c6a387
routine heed.guard_subject() digest bc597881f65334ea
routine heed.hide_retained(regclass) digest 834cd22d858c13c5
routine heed.infrastructure(regclass,text[]) digest 787bdb6ea498480a
routine heed.is_held(uuid,uuid) digest 4cd643780c0b4d97 -- privacy_eraser: execute; privacy_service: execute
routine heed.next_sequence(uuid,uuid) digest ffbe2cdd5e46f664 -- privacy_eraser: execute; privacy_service: execute
routine heed.next_sequences(uuid,uuid[]) digest 937c8dff15ccffa6 -- privacy_eraser: execute; privacy_service: execute
routine heed.partitioned_by_day(regclass,integer) digest a5a102cfe0fb2b0d
routine heed.personal(regclass,text,text[]) digest a32a391963494bfa
routine heed.qualified(regclass) digest 28ef1384a93ca253
routine heed.raise_wall(regclass) digest 2ba15e064ef52bab
routine heed.refer_to_subject(regclass,text,boolean) digest 38db52b9e8beedf7
routine heed.role(text) digest 7f4f20c625a1688f
routine heed.roles(text[]) digest ffb91e086426420e
routine heed.staging(regclass) digest 922af5bb2ca62ca3
routine heed.tend_inbox(integer) digest 692ea235e8b81b38 -- privacy_relay: execute
routine heed.tend_outbox(pg_snapshot) digest 1b7b32c087b5629c -- privacy_relay: execute
routine heed.unchanged_while_restricted(regclass,text,text[]) digest bcd812c4fb4776e3
routine heed.walled(regclass) digest a7e984c499b108cd
routine heed.with_partitions(regclass) digest 39b3343878efe708
CREATE OR REPLACE FUNCTION public.copy_hold()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  insert into heed.offsite_due (log, tenant_id, payload)
  select 'holds', new.tenant_id, pg_catalog.convert_to(pg_catalog.to_jsonb(new)::text, 'UTF8')
  where exists (select 1 from heed.offsite_head where log = 'holds');
  return null;
end
$function$

CREATE OR REPLACE FUNCTION public.copy_request()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  insert into heed.offsite_due (log, tenant_id, payload)
  select 'requests', new.tenant_id, pg_catalog.convert_to(pg_catalog.to_jsonb(new)::text, 'UTF8')
  where exists (select 1 from heed.offsite_head where log = 'requests');
  return null;
end
$function$

CREATE OR REPLACE FUNCTION public.demand_approval()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  raise exception 'a request that waits for approval begins once it is approved' using errcode = 'check_violation';
end
$function$

CREATE OR REPLACE FUNCTION public.tell_hold()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  insert into heed.due_work as w (queue, tenant_id, ref, due_at)
  values ('tell-holds', new.tenant_id, new.hold_id, pg_catalog.clock_timestamp())
  on conflict (queue, tenant_id, ref) do update set due_at = excluded.due_at, again = w.claim is not null;
  return null;
end
$function$


partitioned by day: heed.outbox, kept 7 days
