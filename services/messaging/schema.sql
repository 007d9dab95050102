-- The schema after all migrations, generated: npm run schema. Read it, do not run it.

create schema heed; -- messaging_bus: usage; messaging_eraser: usage; messaging_probe: usage; messaging_relay: usage; messaging_service: usage
create schema public; -- messaging_bus: usage; messaging_eraser: usage; messaging_probe: usage; messaging_relay: usage; messaging_service: usage

create table heed.day_partitioned (
  keep_days integer not null,
  relation text not null
);
  constraint day_partitioned_keep_days_check CHECK (((keep_days >= 1) AND (keep_days <= 3660)))
  constraint day_partitioned_pkey PRIMARY KEY (relation)
  owner: messaging_owner
  grants: messaging_probe: select; messaging_relay: select; messaging_service: select

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
  owner: messaging_owner
  grants: messaging_eraser: delete, insert, select, update; messaging_probe: select; messaging_service: delete, insert, select, update

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
  owner: messaging_owner
  grants: messaging_eraser: delete, insert, select, update; messaging_probe: select; messaging_service: delete, insert, select, update

create table heed.hash_key (
  at timestamp with time zone not null,
  kms_key_id text not null /* messaging_service: update */,
  tenant_id uuid not null,
  usable_from timestamp with time zone not null /* messaging_service: update */,
  version smallint not null,
  wrapped bytea not null /* messaging_service: update */
);
  constraint hash_key_pkey PRIMARY KEY (tenant_id, version)
  constraint hash_key_version_check CHECK (((version >= 1) AND (version <= 255)))
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: messaging_owner
  grants: messaging_eraser: insert, select; messaging_probe: select; messaging_service: insert, select

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
  owner: messaging_owner
  grants: messaging_eraser: delete, insert, select, update; messaging_probe: select; messaging_service: delete, insert, select, update

create table heed.inbox (
  consumer text not null,
  event_id uuid not null,
  received_at timestamp with time zone not null
) partition by RANGE (event_id);
  constraint inbox_pkey PRIMARY KEY (event_id, consumer)
  owner: messaging_owner
  grants: messaging_eraser: insert, select; messaging_probe: select; messaging_relay: insert, select; messaging_service: insert, select

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
  owner: messaging_owner
  grants: messaging_eraser: insert, select, update; messaging_probe: select; messaging_relay: insert, select, update; messaging_service: delete, insert, select, update

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
  owner: messaging_owner
  grants: messaging_probe: select; messaging_service: delete, insert, select, update

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
  owner: messaging_owner
  grants: messaging_probe: select; messaging_service: delete, insert, select, update

create table heed.migration (
  applied_at timestamp with time zone not null default clock_timestamp(),
  breaking boolean not null,
  checksum text not null,
  name text not null,
  reason text not null,
  source text not null
);
  constraint migration_pkey PRIMARY KEY (source, name)
  owner: messaging_owner
  grants: public: select

create table heed.offsite_due (
  at timestamp with time zone not null default clock_timestamp(),
  id bigint not null generated as identity,
  log text not null,
  payload bytea not null,
  tenant_id uuid not null
);
  constraint offsite_due_pkey PRIMARY KEY (id)
  owner: messaging_owner
  grants: messaging_eraser: insert; messaging_probe: select; messaging_service: delete, insert, select

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
  owner: messaging_owner
  grants: messaging_eraser: select; messaging_probe: select; messaging_service: delete, insert, select, update

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
  owner: messaging_owner
  grants: messaging_eraser: delete, insert, select, update; messaging_probe: select; messaging_service: delete, insert, select, update

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
  owner: messaging_owner
  grants: messaging_eraser: delete, insert, select, update; messaging_probe: select; messaging_service: delete, insert, select, update

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
  owner: messaging_owner
  grants: messaging_eraser: insert, select; messaging_probe: select; messaging_service: insert, select

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
  permissive policy readers for r to messaging_bus, messaging_relay using true
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: messaging_owner
  grants: messaging_bus: select; messaging_eraser: insert; messaging_probe: select; messaging_relay: select; messaging_service: insert

create table heed.outbox_horizon (
  name text not null,
  seq bigint not null,
  xid xid8 not null
);
  constraint outbox_horizon_name_check CHECK ((name = 'outbox'::text))
  constraint outbox_horizon_pkey PRIMARY KEY (name)
  owner: messaging_owner
  grants: messaging_bus: select; messaging_probe: select; messaging_relay: select, update; messaging_service: select

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
  owner: messaging_owner
  grants: messaging_eraser: delete, insert, select, update; messaging_probe: select; messaging_relay: delete, insert, select, update; messaging_service: delete, insert, select, update

create table heed.parked_key (
  consumer text not null,
  key text not null /* no statistics */,
  replay_asked_at timestamp with time zone,
  since timestamp with time zone not null,
  topic text not null
);
  constraint parked_key_pkey PRIMARY KEY (consumer, topic, key)
  owner: messaging_owner
  grants: messaging_eraser: delete, insert, select, update; messaging_probe: select; messaging_relay: delete, insert, select, update; messaging_service: delete, insert, select, update

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
  owner: messaging_owner
  grants: messaging_probe: select; messaging_service: delete, insert, select, update

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
  owner: messaging_owner
  grants: messaging_probe: select; messaging_service: insert, select

create table heed.receipt (
  action text not null,
  batch_id uuid not null,
  key_id text not null /* messaging_service: update */,
  manifest_version text not null,
  receipt_id uuid not null,
  root bytea not null,
  signature bytea not null /* messaging_service: update */,
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
  owner: messaging_owner
  grants: messaging_eraser: insert, select; messaging_probe: select; messaging_service: insert, select

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
  owner: messaging_owner
  grants: messaging_eraser: insert, select; messaging_probe: select; messaging_service: insert, select

create table heed.refused (
  consumer text not null,
  last_at timestamp with time zone not null,
  n bigint not null default 0,
  reason text not null
);
  constraint refused_pkey PRIMARY KEY (consumer, reason)
  owner: messaging_owner
  grants: messaging_eraser: insert, select, update; messaging_probe: select; messaging_relay: insert, select, update; messaging_service: insert, select, update

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
  owner: messaging_owner
  grants: messaging_probe: select; messaging_relay: select, update; messaging_service: select

create table heed.replay_end (
  at timestamp with time zone not null,
  consumer text not null,
  partition integer not null,
  "position" text not null,
  topic text not null
);
  constraint replay_end_pkey PRIMARY KEY (consumer, topic, partition)
  owner: messaging_owner
  grants: messaging_eraser: select; messaging_probe: select; messaging_relay: select; messaging_service: delete, insert, select, update

create table heed.resync_step (
  began_at timestamp with time zone not null,
  done bigint not null default 0,
  finished_at timestamp with time zone,
  ordinal integer not null,
  step text not null,
  total bigint
);
  constraint resync_step_pkey PRIMARY KEY (step)
  owner: messaging_owner
  grants: messaging_probe: select; messaging_service: delete, insert, select, update

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
  owner: messaging_owner
  grants: messaging_eraser: delete, insert, select, update; messaging_probe: select; messaging_service: delete, insert, select, update

create table heed.rpc_replay (
  answer bytea,
  at timestamp with time zone not null /* messaging_relay: select */,
  id bytea not null /* messaging_relay: select */,
  request_mac bytea not null,
  tenant_id uuid not null /* messaging_relay: select */
) with (fillfactor=70);
  constraint rpc_replay_id_check CHECK ((length(id) = 32))
  constraint rpc_replay_pkey PRIMARY KEY (tenant_id, id)
  constraint rpc_replay_request_mac_check CHECK ((length(request_mac) = 32))
  CREATE INDEX rpc_replay_at ON heed.rpc_replay USING btree (at)
  row level security, forced
  permissive policy expiry for * to messaging_relay using true
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: messaging_owner
  grants: messaging_eraser: delete, insert, select, update; messaging_probe: select; messaging_relay: delete; messaging_service: delete, insert, select, update

create table heed.subject (
  kind text not null default 'contact'::text /* messaging_eraser: insert; messaging_service: insert */,
  live boolean not null default true /* messaging_eraser: insert, update */,
  restricted_by uuid /* messaging_eraser: update */,
  sequence bigint not null default 0 /* messaging_eraser: update; messaging_service: update */,
  subject_id uuid not null /* messaging_eraser: insert; messaging_service: insert */,
  tenant_id uuid not null /* messaging_eraser: insert; messaging_service: insert */
) with (fillfactor=80);
  constraint subject_kind_check CHECK ((kind ~ '^[a-z][a-z_]{0,39}$'::text))
  constraint subject_live_key UNIQUE (tenant_id, subject_id, live)
  constraint subject_pkey PRIMARY KEY (tenant_id, subject_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  CREATE TRIGGER guard_delete BEFORE DELETE ON heed.subject FOR EACH ROW EXECUTE FUNCTION heed.guard_subject()
  CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON heed.subject FOR EACH STATEMENT EXECUTE FUNCTION heed.guard_subject()
  CREATE TRIGGER guard_update BEFORE UPDATE ON heed.subject FOR EACH ROW WHEN (((old.live IS DISTINCT FROM new.live) OR (new.sequence < old.sequence) OR (old.tenant_id IS DISTINCT FROM new.tenant_id) OR (old.subject_id IS DISTINCT FROM new.subject_id))) EXECUTE FUNCTION heed.guard_subject()
  owner: messaging_owner
  grants: messaging_eraser: select; messaging_probe: select; messaging_service: select

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
  owner: messaging_owner
  grants: messaging_eraser: delete, insert, select, update; messaging_probe: select; messaging_service: delete, insert, select, update

create table public.attempt (
  armed_at timestamp with time zone,
  attempt_id uuid,
  campaign_id uuid,
  concluded_at timestamp with time zone,
  consent_entry_id uuid,
  contact_id uuid,
  deferrals integer not null default 0,
  delivery text,
  delivery_at timestamp with time zone,
  delivery_code text not null default ''::text,
  endpoint_hash bytea /* no statistics */,
  endpoint_id uuid,
  intent_id uuid,
  issuer text not null default 'contacts'::text,
  language text not null default ''::text,
  late_ms integer not null default 0,
  next_at timestamp with time zone not null,
  outcome text,
  permit_id uuid,
  permit_key_id text,
  permit_leaf bytea /* no statistics */,
  permit_leaf_index integer,
  permit_path bytea,
  permit_root bytea,
  permit_signature bytea,
  permit_tree_size integer,
  purpose text not null,
  put_off integer not null default 0,
  queued_at timestamp with time zone not null,
  reason text not null default ''::text,
  row_id uuid not null,
  sender_id uuid,
  state text not null,
  step smallint not null default 1,
  subject_live boolean generated always as (true) stored,
  template_id uuid not null,
  tenant_id uuid not null,
  traceparent text,
  try integer not null
);
  constraint attempt_anonymous CHECK (((contact_id IS NOT NULL) OR ((permit_leaf IS NULL) AND (endpoint_hash IS NULL))))
  constraint attempt_armed_has_permit CHECK (((state <> 'armed'::text) OR (num_nulls(armed_at, sender_id, permit_id, permit_leaf, permit_leaf_index, permit_tree_size, permit_path, permit_root, permit_signature, permit_key_id) = 0)))
  constraint attempt_concluded_has_outcome CHECK ((((state = 'concluded'::text) = (outcome IS NOT NULL)) AND ((state = 'concluded'::text) = (concluded_at IS NOT NULL))))
  constraint attempt_contact_id_fence FOREIGN KEY (tenant_id, contact_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  constraint attempt_deferrals_check CHECK ((deferrals >= 0))
  constraint attempt_delivery_check CHECK ((delivery = ANY (ARRAY['delivered'::text, 'soft_bounce'::text, 'blocked'::text, 'hard_bounce'::text, 'complained'::text])))
  constraint attempt_delivery_code_check CHECK ((delivery_code ~ '^[a-z0-9_]{0,40}$'::text))
  constraint attempt_delivery_has_time CHECK (((delivery IS NULL) = (delivery_at IS NULL)))
  constraint attempt_endpoint_hash_check CHECK ((length(endpoint_hash) = 32))
  constraint attempt_id_key UNIQUE (tenant_id, attempt_id)
  constraint attempt_intent_has_campaign CHECK (((campaign_id IS NOT NULL) OR (intent_id IS NULL)))
  constraint attempt_issuer_check CHECK ((issuer = ANY (ARRAY['contacts'::text, 'identity'::text, 'privacy'::text])))
  constraint attempt_language_check CHECK ((language ~ '^([a-z]{2})?$'::text))
  constraint attempt_late_ms_check CHECK ((late_ms >= 0))
  constraint attempt_outcome_check CHECK ((outcome = ANY (ARRAY['sent'::text, 'skipped'::text, 'failed'::text, 'unknown'::text])))
  constraint attempt_permit_dies_with_contact CHECK (((contact_id IS NOT NULL) OR (permit_id IS NULL)))
  constraint attempt_permit_path_check CHECK (((length(permit_path) % 32) = 0))
  constraint attempt_permit_root_check CHECK ((length(permit_root) = 32))
  constraint attempt_permit_signature_check CHECK ((length(permit_signature) = 64))
  constraint attempt_pkey PRIMARY KEY (tenant_id, row_id)
  constraint attempt_reason_check CHECK ((reason ~ '^[a-z0-9_]{0,40}$'::text))
  constraint attempt_sent_was_armed CHECK (((outcome IS DISTINCT FROM 'sent'::text) OR (armed_at IS NOT NULL) OR (reason = 'restored'::text)))
  constraint attempt_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'deferred'::text, 'armed'::text, 'concluded'::text])))
  CREATE INDEX attempt_campaign_idx ON public.attempt USING btree (tenant_id, campaign_id, row_id)
  CREATE INDEX attempt_contact_id_idx ON public.attempt USING btree (tenant_id, contact_id)
  CREATE INDEX attempt_in_hand_idx ON public.attempt USING btree (tenant_id, sender_id) WHERE ((state <> 'concluded'::text) AND (sender_id IS NOT NULL))
  CREATE INDEX attempt_queued_at ON public.attempt USING brin (queued_at)
  CREATE INDEX attempt_restoring_idx ON public.attempt USING btree (tenant_id, row_id) WHERE (reason = 'restoring'::text)
  CREATE INDEX attempt_single_waiting_idx ON public.attempt USING btree (tenant_id, next_at) WHERE ((state = 'queued'::text) AND (sender_id IS NULL) AND (campaign_id IS NULL))
  CREATE INDEX attempt_waiting_idx ON public.attempt USING btree (tenant_id, next_at) WHERE ((state = 'queued'::text) AND (sender_id IS NULL))
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: messaging_owner
  grants: messaging_eraser: delete, insert, select, update; messaging_probe: select; messaging_service: delete, insert, select, update

create table public.campaign_copy (
  attempt_id uuid not null,
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
  owner: messaging_owner
  grants: messaging_eraser: delete, insert, select, update; messaging_probe: select; messaging_service: delete, insert, select, update

create table public.deny (
  contact_id uuid not null,
  endpoint_hash bytea /* no statistics */,
  ends_at timestamp with time zone,
  heard_at timestamp with time zone not null,
  mail_id uuid not null,
  reason text not null,
  subject_live boolean generated always as (true) stored,
  tenant_id uuid not null
);
  constraint deny_anonymous CHECK (((contact_id IS NOT NULL) OR (endpoint_hash IS NULL)))
  constraint deny_contact_id_fence FOREIGN KEY (tenant_id, contact_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  constraint deny_endpoint_hash_check CHECK ((length(endpoint_hash) = 32))
  constraint deny_pkey PRIMARY KEY (tenant_id, mail_id)
  constraint deny_reason_check CHECK ((reason = ANY (ARRAY['opt_out'::text, 'doubt'::text])))
  CREATE INDEX deny_by_hash ON public.deny USING btree (tenant_id, endpoint_hash)
  CREATE INDEX deny_contact_id_idx ON public.deny USING btree (tenant_id, contact_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: messaging_owner
  grants: messaging_eraser: delete, insert, select, update; messaging_probe: select; messaging_service: delete, insert, select, update

create table public.dkim_key (
  algorithm text not null,
  created_at timestamp with time zone not null,
  dkim_key_id uuid not null,
  is_published boolean not null default false,
  master_key_id text not null,
  private_key bytea,
  public_key text not null,
  retired_at timestamp with time zone,
  selector text not null,
  sender_domain_id uuid not null,
  tenant_id uuid not null
);
  constraint dkim_key_algorithm_check CHECK ((algorithm = ANY (ARRAY['rsa-sha256'::text, 'ed25519-sha256'::text])))
  constraint dkim_key_domain FOREIGN KEY (tenant_id, sender_domain_id) REFERENCES sender_domain(tenant_id, sender_domain_id) ON DELETE CASCADE
  constraint dkim_key_pkey PRIMARY KEY (tenant_id, dkim_key_id)
  constraint dkim_key_retired_holds_nothing CHECK (((private_key IS NULL) = (retired_at IS NOT NULL)))
  constraint dkim_key_selector_check CHECK ((selector ~ '^[a-z0-9-]{1,63}$'::text))
  constraint dkim_key_selector_key UNIQUE (tenant_id, sender_domain_id, selector)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: messaging_owner
  grants: messaging_eraser: delete, insert, select, update; messaging_probe: select; messaging_service: delete, insert, select, update

create table public.engagement (
  attempt_id uuid not null,
  campaign_id uuid,
  contact_id uuid not null,
  engagement_id uuid not null,
  evidence text not null /* no statistics */,
  expires_at timestamp with time zone not null,
  kind text not null /* no statistics */,
  link smallint not null /* no statistics */,
  links smallint not null,
  occurred_at timestamp with time zone not null /* no statistics */,
  reason text not null /* no statistics */,
  step smallint not null,
  subject_live boolean generated always as (true) stored,
  tenant_id uuid not null
);
  constraint engagement_anonymous CHECK (((contact_id IS NOT NULL) OR ((kind IS NULL) AND (link IS NULL) AND (occurred_at IS NULL) AND (evidence IS NULL) AND (reason IS NULL))))
  constraint engagement_contact_id_fence FOREIGN KEY (tenant_id, contact_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  constraint engagement_evidence_check CHECK ((evidence = ANY (ARRAY[''::text, 'head'::text, 'agent'::text, 'network'::text, 'prefetch'::text])))
  constraint engagement_kind_check CHECK ((kind = ANY (ARRAY['open'::text, 'click'::text, 'trap'::text])))
  constraint engagement_link_check CHECK ((link >= 0))
  constraint engagement_links_check CHECK ((links >= 0))
  constraint engagement_pkey PRIMARY KEY (tenant_id, engagement_id)
  constraint engagement_reason_check CHECK ((reason = ANY (ARRAY[''::text, 'head'::text, 'agent'::text, 'network'::text, 'prefetch'::text, 'trap'::text, 'burst'::text, 'too_soon'::text])))
  CREATE INDEX engagement_attempt_idx ON public.engagement USING btree (tenant_id, attempt_id)
  CREATE INDEX engagement_campaign_idx ON public.engagement USING btree (tenant_id, campaign_id, engagement_id)
  CREATE INDEX engagement_contact_id_idx ON public.engagement USING btree (tenant_id, contact_id)
  CREATE INDEX engagement_expiry_idx ON public.engagement USING btree (tenant_id, expires_at)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: messaging_owner
  grants: messaging_eraser: delete, insert, select, update; messaging_probe: select; messaging_service: delete, insert, select, update

create table public.inbound_mail (
  address_kind text not null,
  attempt_id uuid,
  channel text not null default ''::text,
  code text not null default ''::text,
  contact_id uuid not null,
  decided_at timestamp with time zone,
  decided_by uuid,
  decision text,
  delivery text,
  expires_at timestamp with time zone not null,
  handled_at timestamp with time zone,
  is_known boolean not null,
  kind text not null,
  mail_id uuid not null,
  purpose text not null default ''::text,
  raw bytea /* no statistics */,
  received_at timestamp with time zone not null,
  subject_live boolean generated always as (true) stored,
  tenant_id uuid not null
);
  constraint inbound_mail_address_kind_check CHECK ((address_kind = ANY (ARRAY['bounce'::text, 'reply'::text, 'unsubscribe'::text, 'provider'::text])))
  constraint inbound_mail_anonymous CHECK (((contact_id IS NOT NULL) OR (raw IS NULL)))
  constraint inbound_mail_channel_check CHECK ((channel = ANY (ARRAY[''::text, 'email'::text])))
  constraint inbound_mail_code_check CHECK ((code ~ '^[a-z0-9_]{0,40}$'::text))
  constraint inbound_mail_contact_id_fence FOREIGN KEY (tenant_id, contact_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  constraint inbound_mail_decided CHECK (((decision IS NULL) = (decided_at IS NULL)))
  constraint inbound_mail_decided_by_fence FOREIGN KEY (tenant_id, decided_by, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  constraint inbound_mail_decision_check CHECK ((decision = ANY (ARRAY['opt_out'::text, 'not_an_opt_out'::text])))
  constraint inbound_mail_delivery_check CHECK ((delivery = ANY (ARRAY['delivered'::text, 'soft_bounce'::text, 'blocked'::text, 'hard_bounce'::text, 'complained'::text])))
  constraint inbound_mail_kind_check CHECK ((kind = ANY (ARRAY['bounce'::text, 'complaint'::text, 'answer'::text, 'doubt'::text, 'opt_out'::text])))
  constraint inbound_mail_pkey PRIMARY KEY (tenant_id, mail_id)
  constraint inbound_mail_purpose_check CHECK ((purpose ~ '^([a-z][a-z0-9_-]{0,62})?$'::text))
  CREATE INDEX inbound_mail_contact_id_idx ON public.inbound_mail USING btree (tenant_id, contact_id)
  CREATE INDEX inbound_mail_decided_by_idx ON public.inbound_mail USING btree (tenant_id, decided_by)
  CREATE INDEX inbound_mail_expiry ON public.inbound_mail USING btree (tenant_id, expires_at)
  CREATE INDEX inbound_mail_open ON public.inbound_mail USING btree (tenant_id, received_at) WHERE (handled_at IS NULL)
  CREATE INDEX inbound_mail_undecided ON public.inbound_mail USING btree (tenant_id, mail_id) WHERE ((kind = 'doubt'::text) AND (decision IS NULL))
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: messaging_owner
  grants: messaging_eraser: delete, insert, select, update; messaging_probe: select; messaging_service: delete, insert, select, update

create table public.message (
  attempt_id uuid not null,
  contact_id uuid not null,
  content bytea not null /* no statistics */,
  subject_live boolean generated always as (true) stored,
  tenant_id uuid not null,
  written_at timestamp with time zone not null
);
  constraint message_anonymous CHECK (((contact_id IS NOT NULL) OR (content IS NULL)))
  constraint message_contact_id_fence FOREIGN KEY (tenant_id, contact_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  constraint message_pkey PRIMARY KEY (tenant_id, attempt_id)
  CREATE INDEX message_contact_id_idx ON public.message USING btree (tenant_id, contact_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: messaging_owner
  grants: messaging_eraser: delete, insert, select, update; messaging_probe: select; messaging_service: delete, insert, select, update

create table public.message_rate (
  minute timestamp with time zone not null,
  taken integer not null,
  tenant_id uuid not null
);
  constraint message_rate_pkey PRIMARY KEY (tenant_id)
  constraint message_rate_taken_check CHECK ((taken > 0))
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: messaging_owner
  grants: messaging_eraser: delete, insert, select, update; messaging_probe: select; messaging_service: delete, insert, select, update

create table public.message_values (
  attempt_id uuid not null,
  contact_id uuid not null,
  sealed_values bytea not null /* no statistics */,
  subject_live boolean generated always as (true) stored,
  tenant_id uuid not null,
  written_at timestamp with time zone not null
);
  constraint message_values_anonymous CHECK (((contact_id IS NOT NULL) OR (sealed_values IS NULL)))
  constraint message_values_contact_id_fence FOREIGN KEY (tenant_id, contact_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  constraint message_values_pkey PRIMARY KEY (tenant_id, attempt_id)
  CREATE INDEX message_values_contact_id_idx ON public.message_values USING btree (tenant_id, contact_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: messaging_owner
  grants: messaging_eraser: delete, insert, select, update; messaging_probe: select; messaging_service: delete, insert, select, update

create table public.provider_connection (
  created_at timestamp with time zone not null,
  name text not null,
  previous_until timestamp with time zone,
  provider_connection_id uuid not null,
  secret_number integer not null default 1,
  tenant_id uuid not null
);
  constraint provider_connection_name_check CHECK ((name ~ '^[a-z][a-z0-9_-]{0,62}$'::text))
  constraint provider_connection_pkey PRIMARY KEY (tenant_id, provider_connection_id)
  constraint provider_connection_secret_number_check CHECK ((secret_number > 0))
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: messaging_owner
  grants: messaging_eraser: delete, insert, select, update; messaging_probe: select; messaging_service: delete, insert, select, update

create table public.provider_event (
  event_hash bytea not null,
  heard_at timestamp with time zone not null,
  provider_connection_id uuid not null,
  tenant_id uuid not null
);
  constraint provider_event_event_hash_check CHECK ((length(event_hash) = 32))
  constraint provider_event_pkey PRIMARY KEY (tenant_id, provider_connection_id, event_hash)
  CREATE INDEX provider_event_age ON public.provider_event USING btree (tenant_id, heard_at)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: messaging_owner
  grants: messaging_eraser: delete, insert, select, update; messaging_probe: select; messaging_service: delete, insert, select, update

create table public.sender (
  beat_at timestamp with time zone not null,
  beats bigint not null default 0,
  lost_at timestamp with time zone,
  sender_id uuid not null,
  started_at timestamp with time zone not null,
  swept_at timestamp with time zone
);
  constraint sender_check CHECK (((swept_at IS NULL) OR (lost_at IS NOT NULL)))
  constraint sender_pkey PRIMARY KEY (sender_id)
  owner: messaging_owner
  grants: messaging_probe: select; messaging_service: delete, insert, select, update

create table public.sender_domain (
  checked_at timestamp with time zone,
  created_at timestamp with time zone not null,
  dkim text not null default ''::text,
  dmarc text not null default ''::text,
  domain text not null,
  next_check_at timestamp with time zone not null,
  sender_domain_id uuid not null,
  spf text not null default ''::text,
  state text not null,
  tenant_id uuid not null,
  verified_at timestamp with time zone
);
  constraint sender_domain_dkim_check CHECK ((dkim ~ '^[a-z_]{0,40}$'::text))
  constraint sender_domain_dmarc_check CHECK ((dmarc ~ '^[a-z_]{0,40}$'::text))
  constraint sender_domain_domain_check CHECK ((domain ~ '^[a-z0-9.-]{3,253}$'::text))
  constraint sender_domain_name_key UNIQUE (tenant_id, domain)
  constraint sender_domain_pkey PRIMARY KEY (tenant_id, sender_domain_id)
  constraint sender_domain_spf_check CHECK ((spf ~ '^[a-z_]{0,40}$'::text))
  constraint sender_domain_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'verified'::text, 'failing'::text])))
  constraint sender_domain_verified CHECK (((state = 'pending'::text) OR (verified_at IS NOT NULL)))
  CREATE INDEX sender_domain_due ON public.sender_domain USING btree (tenant_id, next_check_at)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: messaging_owner
  grants: messaging_eraser: delete, insert, select, update; messaging_probe: select; messaging_service: delete, insert, select, update

create table public.sending_tenant (
  first_at timestamp with time zone not null,
  tenant_id uuid not null
);
  constraint sending_tenant_pkey PRIMARY KEY (tenant_id)
  CREATE INDEX sending_tenant_handle ON public.sending_tenant USING btree (SUBSTRING(sha256(uuid_send(tenant_id)) FROM 1 FOR 8))
  owner: messaging_owner
  grants: messaging_probe: select; messaging_service: delete, insert, select, update

create table public.standing_deny (
  heard_at timestamp with time zone not null,
  mail_id uuid not null,
  reason text not null,
  tenant_id uuid not null
);
  constraint standing_deny_pkey PRIMARY KEY (tenant_id, mail_id)
  constraint standing_deny_reason_check CHECK ((reason = ANY (ARRAY['opt_out'::text, 'doubt'::text])))
  owner: messaging_owner
  grants: messaging_probe: select; messaging_service: delete, insert, select, update


routine heed.check_tenant_leads(regclass) digest 65d2ca8621d6d19d
routine heed.copy_protection(regclass,regclass) digest 65110ac2cc23a1be
routine heed.day_table(regclass) digest ef0b55ec77e2a72d
routine heed.drop_day_partitions(regclass,timestamp with time zone,timestamp with time zone) digest dd265fc2fd8e3f83 -- messaging_relay: execute; messaging_service: execute
routine heed.ensure_day_partitions(regclass,timestamp with time zone,integer) digest 4c3c86b0921d2c77 -- messaging_relay: execute; messaging_service: execute
routine heed.fenced(regclass,text,text[],boolean,text) digest 75f37d836aa0af52
routine heed.first_id_of(date) digest d0b8fe251866954b
routine heed.forget_statistics(regclass,text[]) digest f235eca0c99d6d14
routine heed.grant_to(text,text,text[]) digest b6e48e4234407207
routine heed.guard_restricted() digest b4efc33cc1c6a387
routine heed.guard_subject() digest bc597881f65334ea
routine heed.hide_retained(regclass) digest 834cd22d858c13c5
routine heed.infrastructure(regclass,text[]) digest 787bdb6ea498480a
routine heed.is_held(uuid,uuid) digest 4cd643780c0b4d97 -- messaging_eraser: execute; messaging_service: execute
routine heed.next_sequence(uuid,uuid) digest ffbe2cdd5e46f664 -- messaging_eraser: execute; messaging_service: execute
routine heed.next_sequences(uuid,uuid[]) digest 937c8dff15ccffa6 -- messaging_eraser: execute; messaging_service: execute
routine heed.partitioned_by_day(regclass,integer) digest a5a102cfe0fb2b0d
routine heed.personal(regclass,text,text[]) digest a32a391963494bfa
routine heed.qualified(regclass) digest 28ef1384a93ca253
routine heed.raise_wall(regclass) digest 2ba15e064ef52bab
routine heed.refer_to_subject(regclass,text,boolean) digest 38db52b9e8beedf7
routine heed.role(text) digest 7f4f20c625a1688f
routine heed.roles(text[]) digest ffb91e086426420e
routine heed.staging(regclass) digest 922af5bb2ca62ca3
routine heed.tend_inbox(integer) digest 692ea235e8b81b38 -- messaging_relay: execute
routine heed.tend_outbox(pg_snapshot) digest 1b7b32c087b5629c -- messaging_relay: execute
routine heed.unchanged_while_restricted(regclass,text,text[]) digest bcd812c4fb4776e3
routine heed.walled(regclass) digest a7e984c499b108cd
routine heed.with_partitions(regclass) digest 39b3343878efe708

partitioned by day: heed.outbox, kept 7 days
