-- The schema after all migrations, generated: npm run schema. Read it, do not run it.

create schema heed; -- campaigns_bus: usage; campaigns_eraser: usage; campaigns_probe: usage; campaigns_relay: usage; campaigns_service: usage
create schema public; -- campaigns_bus: usage; campaigns_eraser: usage; campaigns_probe: usage; campaigns_relay: usage; campaigns_service: usage

create table heed.day_partitioned (
  keep_days integer not null,
  relation text not null
);
  constraint day_partitioned_keep_days_check CHECK (((keep_days >= 1) AND (keep_days <= 3660)))
  constraint day_partitioned_pkey PRIMARY KEY (relation)
  owner: campaigns_owner
  grants: campaigns_probe: select; campaigns_relay: select; campaigns_service: select

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
  owner: campaigns_owner
  grants: campaigns_eraser: delete, insert, select, update; campaigns_probe: select; campaigns_service: delete, insert, select, update

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
  owner: campaigns_owner
  grants: campaigns_eraser: delete, insert, select, update; campaigns_probe: select; campaigns_service: delete, insert, select, update

create table heed.hash_key (
  at timestamp with time zone not null,
  kms_key_id text not null /* campaigns_service: update */,
  tenant_id uuid not null,
  usable_from timestamp with time zone not null /* campaigns_service: update */,
  version smallint not null,
  wrapped bytea not null /* campaigns_service: update */
);
  constraint hash_key_pkey PRIMARY KEY (tenant_id, version)
  constraint hash_key_version_check CHECK (((version >= 1) AND (version <= 255)))
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: campaigns_owner
  grants: campaigns_eraser: insert, select; campaigns_probe: select; campaigns_service: insert, select

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
  owner: campaigns_owner
  grants: campaigns_eraser: delete, insert, select, update; campaigns_probe: select; campaigns_service: delete, insert, select, update

create table heed.inbox (
  consumer text not null,
  event_id uuid not null,
  received_at timestamp with time zone not null
) partition by RANGE (event_id);
  constraint inbox_pkey PRIMARY KEY (event_id, consumer)
  owner: campaigns_owner
  grants: campaigns_eraser: insert, select; campaigns_probe: select; campaigns_relay: insert, select; campaigns_service: insert, select

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
  owner: campaigns_owner
  grants: campaigns_eraser: insert, select, update; campaigns_probe: select; campaigns_relay: insert, select, update; campaigns_service: delete, insert, select, update

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
  owner: campaigns_owner
  grants: campaigns_probe: select; campaigns_service: delete, insert, select, update

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
  owner: campaigns_owner
  grants: campaigns_probe: select; campaigns_service: delete, insert, select, update

create table heed.migration (
  applied_at timestamp with time zone not null default clock_timestamp(),
  breaking boolean not null,
  checksum text not null,
  name text not null,
  reason text not null,
  source text not null
);
  constraint migration_pkey PRIMARY KEY (source, name)
  owner: campaigns_owner
  grants: public: select

create table heed.offsite_due (
  at timestamp with time zone not null default clock_timestamp(),
  id bigint not null generated as identity,
  log text not null,
  payload bytea not null,
  tenant_id uuid not null
);
  constraint offsite_due_pkey PRIMARY KEY (id)
  owner: campaigns_owner
  grants: campaigns_eraser: insert; campaigns_probe: select; campaigns_service: delete, insert, select

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
  owner: campaigns_owner
  grants: campaigns_eraser: select; campaigns_probe: select; campaigns_service: delete, insert, select, update

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
  owner: campaigns_owner
  grants: campaigns_eraser: delete, insert, select, update; campaigns_probe: select; campaigns_service: delete, insert, select, update

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
  owner: campaigns_owner
  grants: campaigns_eraser: delete, insert, select, update; campaigns_probe: select; campaigns_service: delete, insert, select, update

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
  owner: campaigns_owner
  grants: campaigns_eraser: insert, select; campaigns_probe: select; campaigns_service: insert, select

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
  permissive policy readers for r to campaigns_bus, campaigns_relay using true
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: campaigns_owner
  grants: campaigns_bus: select; campaigns_eraser: insert; campaigns_probe: select; campaigns_relay: select; campaigns_service: insert

create table heed.outbox_horizon (
  name text not null,
  seq bigint not null,
  xid xid8 not null
);
  constraint outbox_horizon_name_check CHECK ((name = 'outbox'::text))
  constraint outbox_horizon_pkey PRIMARY KEY (name)
  owner: campaigns_owner
  grants: campaigns_bus: select; campaigns_probe: select; campaigns_relay: select, update; campaigns_service: select

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
  owner: campaigns_owner
  grants: campaigns_eraser: delete, insert, select, update; campaigns_probe: select; campaigns_relay: delete, insert, select, update; campaigns_service: delete, insert, select, update

create table heed.parked_key (
  consumer text not null,
  key text not null /* no statistics */,
  replay_asked_at timestamp with time zone,
  since timestamp with time zone not null,
  topic text not null
);
  constraint parked_key_pkey PRIMARY KEY (consumer, topic, key)
  owner: campaigns_owner
  grants: campaigns_eraser: delete, insert, select, update; campaigns_probe: select; campaigns_relay: delete, insert, select, update; campaigns_service: delete, insert, select, update

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
  owner: campaigns_owner
  grants: campaigns_probe: select; campaigns_service: delete, insert, select, update

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
  owner: campaigns_owner
  grants: campaigns_probe: select; campaigns_service: insert, select

create table heed.receipt (
  action text not null,
  batch_id uuid not null,
  key_id text not null /* campaigns_service: update */,
  manifest_version text not null,
  receipt_id uuid not null,
  root bytea not null,
  signature bytea not null /* campaigns_service: update */,
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
  owner: campaigns_owner
  grants: campaigns_eraser: insert, select; campaigns_probe: select; campaigns_service: insert, select

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
  owner: campaigns_owner
  grants: campaigns_eraser: insert, select; campaigns_probe: select; campaigns_service: insert, select

create table heed.refused (
  consumer text not null,
  last_at timestamp with time zone not null,
  n bigint not null default 0,
  reason text not null
);
  constraint refused_pkey PRIMARY KEY (consumer, reason)
  owner: campaigns_owner
  grants: campaigns_eraser: insert, select, update; campaigns_probe: select; campaigns_relay: insert, select, update; campaigns_service: insert, select, update

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
  owner: campaigns_owner
  grants: campaigns_probe: select; campaigns_relay: select, update; campaigns_service: select

create table heed.replay_end (
  at timestamp with time zone not null,
  consumer text not null,
  partition integer not null,
  "position" text not null,
  topic text not null
);
  constraint replay_end_pkey PRIMARY KEY (consumer, topic, partition)
  owner: campaigns_owner
  grants: campaigns_eraser: select; campaigns_probe: select; campaigns_relay: select; campaigns_service: delete, insert, select, update

create table heed.resync_step (
  began_at timestamp with time zone not null,
  done bigint not null default 0,
  finished_at timestamp with time zone,
  ordinal integer not null,
  step text not null,
  total bigint
);
  constraint resync_step_pkey PRIMARY KEY (step)
  owner: campaigns_owner
  grants: campaigns_probe: select; campaigns_service: delete, insert, select, update

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
  owner: campaigns_owner
  grants: campaigns_eraser: delete, insert, select, update; campaigns_probe: select; campaigns_service: delete, insert, select, update

create table heed.rpc_replay (
  answer bytea,
  at timestamp with time zone not null /* campaigns_relay: select */,
  id bytea not null /* campaigns_relay: select */,
  request_mac bytea not null,
  tenant_id uuid not null /* campaigns_relay: select */
) with (fillfactor=70);
  constraint rpc_replay_id_check CHECK ((length(id) = 32))
  constraint rpc_replay_pkey PRIMARY KEY (tenant_id, id)
  constraint rpc_replay_request_mac_check CHECK ((length(request_mac) = 32))
  CREATE INDEX rpc_replay_at ON heed.rpc_replay USING btree (at)
  row level security, forced
  permissive policy expiry for * to campaigns_relay using true
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: campaigns_owner
  grants: campaigns_eraser: delete, insert, select, update; campaigns_probe: select; campaigns_relay: delete; campaigns_service: delete, insert, select, update

create table heed.subject (
  kind text not null default 'contact'::text /* campaigns_eraser: insert; campaigns_service: insert */,
  live boolean not null default true /* campaigns_eraser: insert, update */,
  restricted_by uuid /* campaigns_eraser: update */,
  sequence bigint not null default 0 /* campaigns_eraser: update; campaigns_service: update */,
  subject_id uuid not null /* campaigns_eraser: insert; campaigns_service: insert */,
  tenant_id uuid not null /* campaigns_eraser: insert; campaigns_service: insert */
) with (fillfactor=80);
  constraint subject_kind_check CHECK ((kind ~ '^[a-z][a-z_]{0,39}$'::text))
  constraint subject_live_key UNIQUE (tenant_id, subject_id, live)
  constraint subject_pkey PRIMARY KEY (tenant_id, subject_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  CREATE TRIGGER guard_delete BEFORE DELETE ON heed.subject FOR EACH ROW EXECUTE FUNCTION heed.guard_subject()
  CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON heed.subject FOR EACH STATEMENT EXECUTE FUNCTION heed.guard_subject()
  CREATE TRIGGER guard_update BEFORE UPDATE ON heed.subject FOR EACH ROW WHEN (((old.live IS DISTINCT FROM new.live) OR (new.sequence < old.sequence) OR (old.tenant_id IS DISTINCT FROM new.tenant_id) OR (old.subject_id IS DISTINCT FROM new.subject_id))) EXECUTE FUNCTION heed.guard_subject()
  owner: campaigns_owner
  grants: campaigns_eraser: select; campaigns_probe: select; campaigns_service: select

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
  owner: campaigns_owner
  grants: campaigns_eraser: delete, insert, select, update; campaigns_probe: select; campaigns_service: delete, insert, select, update

create table public.campaign (
  approved_by text,
  audience_limit bigint not null,
  campaign_id uuid not null,
  channel text not null,
  confirmed_by text,
  created_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  held_for text,
  label_waiver text,
  labels_due text[] not null default '{}'::text[],
  list_id uuid not null,
  name text not null,
  purpose text not null,
  rate_per_second integer not null,
  revision integer not null default 0,
  start_at timestamp with time zone,
  started_at timestamp with time zone,
  state text not null,
  template_id uuid not null,
  tenant_id uuid not null
);
  constraint campaign_approved_by_another CHECK (((approved_by IS DISTINCT FROM held_for) OR (approved_by IS NULL)))
  constraint campaign_approved_by_check CHECK ((approved_by ~ '^[a-z0-9-]{1,64}$'::text))
  constraint campaign_audience_limit_check CHECK ((audience_limit >= 0))
  constraint campaign_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'voice'::text])))
  constraint campaign_check CHECK (((label_waiver IS NULL) OR ((label_waiver = ANY (ARRAY['not_advertising'::text, 'nobody_there'::text])) AND (approved_by IS NOT NULL))))
  constraint campaign_confirmed_by_check CHECK ((confirmed_by ~ '^[a-z0-9-]{1,64}$'::text))
  constraint campaign_end_has_time CHECK (((finished_at IS NOT NULL) = (state = ANY (ARRAY['completed'::text, 'cancelled'::text, 'failed'::text]))))
  constraint campaign_held_for_check CHECK ((held_for ~ '^[a-z0-9-]{1,64}$'::text))
  constraint campaign_labels_due_check CHECK ((array_to_string(labels_due, ' '::text, '?'::text) ~ '^([A-Z]{2}( [A-Z]{2}){0,9})?$'::text))
  constraint campaign_late_start_confirmed CHECK (((started_at IS NULL) OR (start_at IS NULL) OR (confirmed_by IS NOT NULL) OR ((started_at - start_at) <= '00:05:00'::interval)))
  constraint campaign_pkey PRIMARY KEY (tenant_id, campaign_id)
  constraint campaign_purpose_check CHECK ((purpose ~ '^[a-z][a-z0-9_-]{0,62}$'::text))
  constraint campaign_rate_per_second_check CHECK (((rate_per_second >= 1) AND (rate_per_second <= 10000)))
  constraint campaign_revision_check CHECK ((revision >= 0))
  constraint campaign_scheduled_has_time CHECK (((start_at IS NOT NULL) OR (state <> ALL (ARRAY['scheduled'::text, 'needs_confirmation'::text]))))
  constraint campaign_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'in_review'::text, 'scheduled'::text, 'needs_confirmation'::text, 'planning'::text, 'running'::text, 'paused'::text, 'cancelling'::text, 'failing'::text, 'completed'::text, 'cancelled'::text, 'failed'::text])))
  constraint campaign_template_fkey FOREIGN KEY (tenant_id, template_id) REFERENCES template(tenant_id, template_id)
  CREATE INDEX campaign_by_state ON public.campaign USING btree (tenant_id, state, campaign_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: campaigns_owner
  grants: campaigns_eraser: delete, insert, select, update; campaigns_probe: select; campaigns_service: delete, insert, select, update

create table public.campaign_engagement (
  automated_clicks bigint not null default 0,
  automated_opens bigint not null default 0,
  campaign_id uuid not null,
  clickers bigint not null default 0,
  clicks bigint not null default 0,
  openers bigint not null default 0,
  opens bigint not null default 0,
  step smallint not null,
  tenant_id uuid not null
);
  constraint campaign_engagement_pkey PRIMARY KEY (tenant_id, campaign_id, step)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: campaigns_owner
  grants: campaigns_eraser: delete, insert, select, update; campaigns_probe: select; campaigns_service: delete, insert, select, update

create table public.campaign_ledger (
  audience bigint not null default 0,
  campaign_id uuid not null,
  changed_at timestamp with time zone not null,
  deferred bigint not null default 0,
  deliveries_until timestamp with time zone,
  ended boolean not null default false,
  failed bigint not null default 0,
  in_flight bigint not null default 0,
  open bigint not null default 0,
  sent bigint not null default 0,
  skipped bigint not null default 0,
  tenant_id uuid not null,
  unknown bigint not null default 0
) with (fillfactor=20);
  constraint campaign_ledger_audience_check CHECK ((audience >= 0))
  constraint campaign_ledger_balances CHECK ((audience = ((((sent + skipped) + failed) + unknown) + open)))
  constraint campaign_ledger_campaign_fkey FOREIGN KEY (tenant_id, campaign_id) REFERENCES campaign(tenant_id, campaign_id)
  constraint campaign_ledger_deferred_check CHECK ((deferred >= 0))
  constraint campaign_ledger_ends_closed CHECK (((NOT ended) OR (open = 0)))
  constraint campaign_ledger_failed_check CHECK ((failed >= 0))
  constraint campaign_ledger_in_flight CHECK (((in_flight >= 0) AND (in_flight <= open)))
  constraint campaign_ledger_open_check CHECK ((open >= 0))
  constraint campaign_ledger_pkey PRIMARY KEY (tenant_id, campaign_id)
  constraint campaign_ledger_sent_check CHECK ((sent >= 0))
  constraint campaign_ledger_skipped_check CHECK ((skipped >= 0))
  constraint campaign_ledger_unknown_check CHECK ((unknown >= 0))
  constraint campaign_ledger_waiting CHECK (((in_flight + deferred) <= open))
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: campaigns_owner
  grants: campaigns_eraser: delete, insert, select, update; campaigns_probe: select; campaigns_service: delete, insert, select, update

create table public.campaign_skip (
  campaign_id uuid not null,
  n bigint not null,
  reason text not null,
  tenant_id uuid not null
) with (fillfactor=50);
  constraint campaign_skip_ledger_fkey FOREIGN KEY (tenant_id, campaign_id) REFERENCES campaign_ledger(tenant_id, campaign_id)
  constraint campaign_skip_n_check CHECK ((n > 0))
  constraint campaign_skip_pkey PRIMARY KEY (tenant_id, campaign_id, reason)
  constraint campaign_skip_reason_check CHECK ((reason ~ '^[a-z][a-z0-9_]{0,39}$'::text))
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: campaigns_owner
  grants: campaigns_eraser: delete, insert, select, update; campaigns_probe: select; campaigns_service: delete, insert, select, update

create table public.campaign_step (
  bounced_within_seconds bigint,
  campaign_id uuid not null,
  channel text not null,
  delay_seconds bigint not null,
  follows smallint,
  outcomes text[] not null,
  rate_per_second integer not null,
  reasons text[] not null,
  step smallint not null,
  template_id uuid not null,
  tenant_id uuid not null
);
  constraint campaign_step_campaign_fkey FOREIGN KEY (tenant_id, campaign_id) REFERENCES campaign(tenant_id, campaign_id)
  constraint campaign_step_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'voice'::text])))
  constraint campaign_step_check CHECK (((bounced_within_seconds IS NULL) OR (((bounced_within_seconds >= 1) AND (bounced_within_seconds <= 2592000)) AND (follows IS NOT NULL))))
  constraint campaign_step_delay_seconds_check CHECK (((delay_seconds >= 0) AND (delay_seconds <= 7776000)))
  constraint campaign_step_follows CHECK ((((step = 1) AND (follows IS NULL)) OR ((follows >= 1) AND (follows < step))))
  constraint campaign_step_follows_an_end CHECK (((follows IS NULL) = ((cardinality(outcomes) = 0) AND (bounced_within_seconds IS NULL))))
  constraint campaign_step_follows_fkey FOREIGN KEY (tenant_id, campaign_id, follows) REFERENCES campaign_step(tenant_id, campaign_id, step)
  constraint campaign_step_outcomes_check CHECK ((outcomes <@ ARRAY['sent'::text, 'skipped'::text, 'failed'::text, 'unknown'::text]))
  constraint campaign_step_pkey PRIMARY KEY (tenant_id, campaign_id, step)
  constraint campaign_step_rate_per_second_check CHECK (((rate_per_second >= 1) AND (rate_per_second <= 10000)))
  constraint campaign_step_step_check CHECK (((step >= 1) AND (step <= 20)))
  constraint campaign_step_template_fkey FOREIGN KEY (tenant_id, template_id) REFERENCES template(tenant_id, template_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: campaigns_owner
  grants: campaigns_eraser: delete, insert, select, update; campaigns_probe: select; campaigns_service: delete, insert, select, update

create table public.campaign_step_ledger (
  audience bigint not null default 0,
  campaign_id uuid not null,
  credit double precision not null default 0,
  deferred bigint not null default 0,
  edited_at timestamp with time zone,
  failed bigint not null default 0,
  handed_out_at timestamp with time zone,
  in_flight bigint not null default 0,
  open bigint not null default 0,
  paced_at timestamp with time zone not null,
  sent bigint not null default 0,
  skipped bigint not null default 0,
  step smallint not null,
  tenant_id uuid not null,
  unknown bigint not null default 0
) with (fillfactor=20);
  constraint campaign_step_ledger_audience_check CHECK ((audience >= 0))
  constraint campaign_step_ledger_balances CHECK ((audience = ((((sent + skipped) + failed) + unknown) + open)))
  constraint campaign_step_ledger_deferred_check CHECK ((deferred >= 0))
  constraint campaign_step_ledger_edited_before CHECK ((edited_at <= handed_out_at))
  constraint campaign_step_ledger_failed_check CHECK ((failed >= 0))
  constraint campaign_step_ledger_in_flight_check CHECK ((in_flight >= 0))
  constraint campaign_step_ledger_open_check CHECK ((open >= 0))
  constraint campaign_step_ledger_pkey PRIMARY KEY (tenant_id, campaign_id, step)
  constraint campaign_step_ledger_sent_check CHECK ((sent >= 0))
  constraint campaign_step_ledger_skipped_check CHECK ((skipped >= 0))
  constraint campaign_step_ledger_step_fkey FOREIGN KEY (tenant_id, campaign_id, step) REFERENCES campaign_step(tenant_id, campaign_id, step)
  constraint campaign_step_ledger_unknown_check CHECK ((unknown >= 0))
  constraint campaign_step_ledger_waiting CHECK (((in_flight + deferred) <= open))
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: campaigns_owner
  grants: campaigns_eraser: delete, insert, select, update; campaigns_probe: select; campaigns_service: delete, insert, select, update

create table public.campaign_step_skip (
  campaign_id uuid not null,
  n bigint not null,
  reason text not null,
  step smallint not null,
  tenant_id uuid not null
) with (fillfactor=50);
  constraint campaign_step_skip_ledger_fkey FOREIGN KEY (tenant_id, campaign_id, step) REFERENCES campaign_step_ledger(tenant_id, campaign_id, step)
  constraint campaign_step_skip_n_check CHECK ((n > 0))
  constraint campaign_step_skip_pkey PRIMARY KEY (tenant_id, campaign_id, step, reason)
  constraint campaign_step_skip_reason_check CHECK ((reason ~ '^[a-z][a-z0-9_]{0,39}$'::text))
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: campaigns_owner
  grants: campaigns_eraser: delete, insert, select, update; campaigns_probe: select; campaigns_service: delete, insert, select, update

create table public.campaign_work (
  campaign_id uuid not null,
  credit double precision not null default 0,
  dispatched_to bigint not null default 0,
  due_at timestamp with time zone not null,
  fence bigint not null default 0,
  held_since timestamp with time zone,
  leased_until timestamp with time zone not null default '-infinity'::timestamp with time zone,
  paced_at timestamp with time zone not null,
  tenant_id uuid not null,
  traceparent text
) with (fillfactor=20);
  constraint campaign_work_pkey PRIMARY KEY (campaign_id)
  CREATE INDEX campaign_work_due ON public.campaign_work USING btree (due_at)
  owner: campaigns_owner
  grants: campaigns_eraser: delete, insert, select, update; campaigns_probe: select; campaigns_service: delete, insert, select, update

create table public.intent (
  bounced_at timestamp with time zone,
  campaign_id uuid not null,
  channel text not null,
  contact_id uuid,
  deferrals smallint not null default 0,
  due_at timestamp with time zone,
  intent_id uuid,
  ordinal bigint not null,
  outcome text,
  reason text,
  state text not null,
  step smallint not null,
  subject_live boolean generated always as (true) stored,
  tenant_id uuid not null,
  try smallint not null,
  updated_at timestamp with time zone not null
) with (fillfactor=45);
  constraint intent_campaign_fkey FOREIGN KEY (tenant_id, campaign_id) REFERENCES campaign(tenant_id, campaign_id)
  constraint intent_contact_id_fence FOREIGN KEY (tenant_id, contact_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  constraint intent_deferrals_check CHECK ((deferrals >= 0))
  constraint intent_deferred_has_time CHECK (((due_at IS NOT NULL) = (state = 'deferred'::text)))
  constraint intent_id_key UNIQUE (tenant_id, intent_id)
  constraint intent_once UNIQUE (tenant_id, contact_id, campaign_id, step, channel, try)
  constraint intent_open_has_contact CHECK (((state = 'concluded'::text) OR (contact_id IS NOT NULL)))
  constraint intent_ordinal_check CHECK ((ordinal > 0))
  constraint intent_outcome_check CHECK ((outcome = ANY (ARRAY['sent'::text, 'skipped'::text, 'failed'::text, 'unknown'::text])))
  constraint intent_outcome_when_concluded CHECK (((outcome IS NOT NULL) = (state = 'concluded'::text)))
  constraint intent_pkey PRIMARY KEY (tenant_id, campaign_id, ordinal)
  constraint intent_reason_check CHECK ((reason ~ '^[a-z0-9_]{1,40}$'::text))
  constraint intent_skipped_has_reason CHECK (((outcome IS DISTINCT FROM 'skipped'::text) OR (reason IS NOT NULL)))
  constraint intent_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'deferred'::text, 'dispatched'::text, 'concluded'::text])))
  constraint intent_try_check CHECK ((try > 0))
  CREATE INDEX intent_due ON public.intent USING btree (tenant_id, campaign_id, step, due_at) WHERE (due_at IS NOT NULL)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: campaigns_owner
  grants: campaigns_eraser: delete, insert, select, update; campaigns_probe: select; campaigns_service: delete, insert, select, update

create table public.intent_resolution (
  actor_id text not null,
  campaign_id uuid not null,
  note text not null,
  ordinal bigint not null,
  outcome text not null,
  resolved_at timestamp with time zone not null,
  tenant_id uuid not null
);
  constraint intent_resolution_actor_id_check CHECK ((actor_id ~ '^[a-z0-9-]{1,64}$'::text))
  constraint intent_resolution_intent_fkey FOREIGN KEY (tenant_id, campaign_id, ordinal) REFERENCES intent(tenant_id, campaign_id, ordinal)
  constraint intent_resolution_note_check CHECK ((note ~ '^[a-z_]{1,40}$'::text))
  constraint intent_resolution_outcome_check CHECK ((outcome = ANY (ARRAY['sent'::text, 'failed'::text])))
  constraint intent_resolution_pkey PRIMARY KEY (tenant_id, campaign_id, ordinal)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: campaigns_owner
  grants: campaigns_eraser: delete, insert, select, update; campaigns_probe: select; campaigns_service: insert, select

create table public.step_edit (
  actor_id text not null,
  campaign_id uuid not null,
  edited_at timestamp with time zone not null,
  fields text[] not null,
  revision integer not null,
  step smallint not null,
  template_before uuid not null,
  tenant_id uuid not null
);
  constraint step_edit_actor_id_check CHECK ((actor_id ~ '^[a-z0-9-]{1,64}$'::text))
  constraint step_edit_campaign_fkey FOREIGN KEY (tenant_id, campaign_id) REFERENCES campaign(tenant_id, campaign_id)
  constraint step_edit_fields_check CHECK ((cardinality(fields) > 0))
  constraint step_edit_pkey PRIMARY KEY (tenant_id, campaign_id, revision)
  constraint step_edit_revision_check CHECK ((revision > 0))
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: campaigns_owner
  grants: campaigns_eraser: delete, insert, select, update; campaigns_probe: select; campaigns_service: insert, select

create table public.template (
  channel text not null,
  contact_fields text[] not null,
  created_at timestamp with time zone not null,
  html_body text not null,
  kind text not null default 'marketing'::text,
  language text not null default ''::text,
  name text not null,
  postal_address text not null,
  sender_address text not null,
  sender_name text not null,
  subject text not null,
  template_id uuid not null,
  tenant_id uuid not null,
  text_body text not null,
  track_clicks boolean not null default false,
  track_opens boolean not null default false,
  variables text[] not null default '{}'::text[]
);
  constraint template_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'voice'::text])))
  constraint template_kind_check CHECK ((kind = ANY (ARRAY['marketing'::text, 'transactional'::text])))
  constraint template_language_check CHECK ((language = ANY (ARRAY[''::text, 'en'::text, 'de'::text, 'es'::text, 'fr'::text, 'hi'::text])))
  constraint template_name_key UNIQUE (tenant_id, name)
  constraint template_pkey PRIMARY KEY (tenant_id, template_id)
  constraint template_tracked_has_html CHECK (((NOT (track_opens OR track_clicks)) OR ((channel = 'email'::text) AND (html_body <> ''::text))))
  constraint template_variables_of_single_messages CHECK (((kind = 'transactional'::text) OR (variables = '{}'::text[])))
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: campaigns_owner
  grants: campaigns_eraser: delete, insert, select, update; campaigns_probe: select; campaigns_service: insert, select

create table public.template_attachment (
  content bytea not null,
  content_type text not null,
  name text not null,
  "position" smallint not null,
  size integer not null,
  template_id uuid not null,
  tenant_id uuid not null
);
  constraint template_attachment_check CHECK ((octet_length(content) = size))
  constraint template_attachment_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 100)))
  constraint template_attachment_pkey PRIMARY KEY (tenant_id, template_id, "position")
  constraint template_attachment_position_check CHECK ((("position" >= 1) AND ("position" <= 5)))
  constraint template_attachment_size_check CHECK (((size >= 1) AND (size <= 2097152)))
  constraint template_attachment_tenant_id_template_id_fkey FOREIGN KEY (tenant_id, template_id) REFERENCES template(tenant_id, template_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: campaigns_owner
  grants: campaigns_eraser: delete, insert, select, update; campaigns_probe: select; campaigns_service: insert, select


routine heed.check_tenant_leads(regclass) digest 65d2ca8621d6d19d
routine heed.copy_protection(regclass,regclass) digest 65110ac2cc23a1be
routine heed.day_table(regclass) digest ef0b55ec77e2a72d
routine heed.drop_day_partitions(regclass,timestamp with time zone,timestamp with time zone) digest dd265fc2fd8e3f83 -- campaigns_relay: execute; campaigns_service: execute
routine heed.ensure_day_partitions(regclass,timestamp with time zone,integer) digest 4c3c86b0921d2c77 -- campaigns_relay: execute; campaigns_service: execute
routine heed.fenced(regclass,text,text[],boolean,text) digest 75f37d836aa0af52
routine heed.first_id_of(date) digest d0b8fe251866954b
routine heed.forget_statistics(regclass,text[]) digest f235eca0c99d6d14
routine heed.grant_to(text,text,text[]) digest b6e48e4234407207
routine heed.guard_restricted() digest b4efc33cc1c6a387
routine heed.guard_subject() digest bc597881f65334ea
routine heed.hide_retained(regclass) digest 834cd22d858c13c5
routine heed.infrastructure(regclass,text[]) digest 787bdb6ea498480a
routine heed.is_held(uuid,uuid) digest 4cd643780c0b4d97 -- campaigns_eraser: execute; campaigns_service: execute
routine heed.next_sequence(uuid,uuid) digest ffbe2cdd5e46f664 -- campaigns_eraser: execute; campaigns_service: execute
routine heed.next_sequences(uuid,uuid[]) digest 937c8dff15ccffa6 -- campaigns_eraser: execute; campaigns_service: execute
routine heed.partitioned_by_day(regclass,integer) digest a5a102cfe0fb2b0d
routine heed.personal(regclass,text,text[]) digest a32a391963494bfa
routine heed.qualified(regclass) digest 28ef1384a93ca253
routine heed.raise_wall(regclass) digest 2ba15e064ef52bab
routine heed.refer_to_subject(regclass,text,boolean) digest 38db52b9e8beedf7
routine heed.role(text) digest 7f4f20c625a1688f
routine heed.roles(text[]) digest ffb91e086426420e
routine heed.staging(regclass) digest 922af5bb2ca62ca3
routine heed.tend_inbox(integer) digest 692ea235e8b81b38 -- campaigns_relay: execute
routine heed.tend_outbox(pg_snapshot) digest 1b7b32c087b5629c -- campaigns_relay: execute
routine heed.unchanged_while_restricted(regclass,text,text[]) digest bcd812c4fb4776e3
routine heed.walled(regclass) digest a7e984c499b108cd
routine heed.with_partitions(regclass) digest 39b3343878efe708

partitioned by day: heed.outbox, kept 7 days
