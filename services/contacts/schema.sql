-- The schema after all migrations, generated: npm run schema. Read it, do not run it.

create schema heed; -- contacts_bus: usage; contacts_eraser: usage; contacts_import: usage; contacts_probe: usage; contacts_relay: usage; contacts_service: usage
create schema public; -- contacts_bus: usage; contacts_eraser: usage; contacts_import: usage; contacts_probe: usage; contacts_relay: usage; contacts_service: usage

create table heed.day_partitioned (
  keep_days integer not null,
  relation text not null
);
  constraint day_partitioned_keep_days_check CHECK (((keep_days >= 1) AND (keep_days <= 3660)))
  constraint day_partitioned_pkey PRIMARY KEY (relation)
  owner: contacts_owner
  grants: contacts_probe: select; contacts_relay: select; contacts_service: select

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
  owner: contacts_owner
  grants: contacts_eraser: delete, insert, select, update; contacts_import: delete, insert, select, update; contacts_probe: select; contacts_service: delete, insert, select, update

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
  owner: contacts_owner
  grants: contacts_eraser: delete, insert, select, update; contacts_probe: select; contacts_service: delete, insert, select, update

create table heed.hash_key (
  at timestamp with time zone not null,
  kms_key_id text not null /* contacts_service: update */,
  tenant_id uuid not null,
  usable_from timestamp with time zone not null /* contacts_service: update */,
  version smallint not null,
  wrapped bytea not null /* contacts_service: update */
);
  constraint hash_key_pkey PRIMARY KEY (tenant_id, version)
  constraint hash_key_version_check CHECK (((version >= 1) AND (version <= 255)))
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  CREATE TRIGGER hash_key_offsite AFTER INSERT OR UPDATE ON heed.hash_key FOR EACH ROW EXECUTE FUNCTION heed.copy_hash_key()
  owner: contacts_owner
  grants: contacts_eraser: insert, select; contacts_import: insert, select; contacts_probe: select; contacts_service: insert, select

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
  owner: contacts_owner
  grants: contacts_eraser: delete, insert, select, update; contacts_import: select; contacts_probe: select; contacts_service: delete, insert, select, update

create table heed.inbox (
  consumer text not null,
  event_id uuid not null,
  received_at timestamp with time zone not null
) partition by RANGE (event_id);
  constraint inbox_pkey PRIMARY KEY (event_id, consumer)
  owner: contacts_owner
  grants: contacts_eraser: insert, select; contacts_probe: select; contacts_relay: insert, select; contacts_service: insert, select

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
  owner: contacts_owner
  grants: contacts_eraser: insert, select, update; contacts_probe: select; contacts_relay: insert, select, update; contacts_service: delete, insert, select, update

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
  owner: contacts_owner
  grants: contacts_probe: select; contacts_service: delete, insert, select, update

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
  owner: contacts_owner
  grants: contacts_probe: select; contacts_service: delete, insert, select, update

create table heed.migration (
  applied_at timestamp with time zone not null default clock_timestamp(),
  breaking boolean not null,
  checksum text not null,
  name text not null,
  reason text not null,
  source text not null
);
  constraint migration_pkey PRIMARY KEY (source, name)
  owner: contacts_owner
  grants: public: select

create table heed.offsite_due (
  at timestamp with time zone not null default clock_timestamp(),
  id bigint not null generated as identity,
  log text not null,
  payload bytea not null,
  tenant_id uuid not null
);
  constraint offsite_due_pkey PRIMARY KEY (id)
  owner: contacts_owner
  grants: contacts_eraser: insert; contacts_probe: select; contacts_service: delete, insert, select

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
  owner: contacts_owner
  grants: contacts_eraser: select; contacts_probe: select; contacts_service: delete, insert, select, update

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
  owner: contacts_owner
  grants: contacts_eraser: delete, insert, select, update; contacts_probe: select; contacts_service: delete, insert, select, update

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
  owner: contacts_owner
  grants: contacts_eraser: delete, insert, select, update; contacts_probe: select; contacts_service: delete, insert, select, update

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
  owner: contacts_owner
  grants: contacts_eraser: insert, select; contacts_probe: select; contacts_service: insert, select

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
  permissive policy readers for r to contacts_bus, contacts_relay using true
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: contacts_owner
  grants: contacts_bus: select; contacts_eraser: insert; contacts_import: insert; contacts_probe: select; contacts_relay: select; contacts_service: insert

create table heed.outbox_horizon (
  name text not null,
  seq bigint not null,
  xid xid8 not null
);
  constraint outbox_horizon_name_check CHECK ((name = 'outbox'::text))
  constraint outbox_horizon_pkey PRIMARY KEY (name)
  owner: contacts_owner
  grants: contacts_bus: select; contacts_probe: select; contacts_relay: select, update; contacts_service: select

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
  owner: contacts_owner
  grants: contacts_eraser: delete, insert, select, update; contacts_probe: select; contacts_relay: delete, insert, select, update; contacts_service: delete, insert, select, update

create table heed.parked_key (
  consumer text not null,
  key text not null /* no statistics */,
  replay_asked_at timestamp with time zone,
  since timestamp with time zone not null,
  topic text not null
);
  constraint parked_key_pkey PRIMARY KEY (consumer, topic, key)
  owner: contacts_owner
  grants: contacts_eraser: delete, insert, select, update; contacts_probe: select; contacts_relay: delete, insert, select, update; contacts_service: delete, insert, select, update

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
  owner: contacts_owner
  grants: contacts_probe: select; contacts_service: delete, insert, select, update

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
  owner: contacts_owner
  grants: contacts_probe: select; contacts_service: insert, select

create table heed.receipt (
  action text not null,
  batch_id uuid not null,
  key_id text not null /* contacts_service: update */,
  manifest_version text not null,
  receipt_id uuid not null,
  root bytea not null,
  signature bytea not null /* contacts_service: update */,
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
  owner: contacts_owner
  grants: contacts_eraser: insert, select; contacts_probe: select; contacts_service: insert, select

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
  owner: contacts_owner
  grants: contacts_eraser: insert, select; contacts_probe: select; contacts_service: insert, select

create table heed.refused (
  consumer text not null,
  last_at timestamp with time zone not null,
  n bigint not null default 0,
  reason text not null
);
  constraint refused_pkey PRIMARY KEY (consumer, reason)
  owner: contacts_owner
  grants: contacts_eraser: insert, select, update; contacts_probe: select; contacts_relay: insert, select, update; contacts_service: insert, select, update

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
  owner: contacts_owner
  grants: contacts_probe: select; contacts_relay: select, update; contacts_service: select

create table heed.replay_end (
  at timestamp with time zone not null,
  consumer text not null,
  partition integer not null,
  "position" text not null,
  topic text not null
);
  constraint replay_end_pkey PRIMARY KEY (consumer, topic, partition)
  owner: contacts_owner
  grants: contacts_eraser: select; contacts_probe: select; contacts_relay: select; contacts_service: delete, insert, select, update

create table heed.resync_step (
  began_at timestamp with time zone not null,
  done bigint not null default 0,
  finished_at timestamp with time zone,
  ordinal integer not null,
  step text not null,
  total bigint
);
  constraint resync_step_pkey PRIMARY KEY (step)
  owner: contacts_owner
  grants: contacts_probe: select; contacts_service: delete, insert, select, update

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
  owner: contacts_owner
  grants: contacts_eraser: delete, insert, select, update; contacts_probe: select; contacts_service: delete, insert, select, update

create table heed.rpc_replay (
  answer bytea,
  at timestamp with time zone not null /* contacts_relay: select */,
  id bytea not null /* contacts_relay: select */,
  request_mac bytea not null,
  tenant_id uuid not null /* contacts_relay: select */
) with (fillfactor=70);
  constraint rpc_replay_id_check CHECK ((length(id) = 32))
  constraint rpc_replay_pkey PRIMARY KEY (tenant_id, id)
  constraint rpc_replay_request_mac_check CHECK ((length(request_mac) = 32))
  CREATE INDEX rpc_replay_at ON heed.rpc_replay USING btree (at)
  row level security, forced
  permissive policy expiry for * to contacts_relay using true
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: contacts_owner
  grants: contacts_eraser: delete, insert, select, update; contacts_probe: select; contacts_relay: delete; contacts_service: delete, insert, select, update

create table heed.subject (
  kind text not null default 'contact'::text /* contacts_eraser: insert; contacts_import: insert; contacts_service: insert */,
  live boolean not null default true /* contacts_eraser: insert, update */,
  restricted_by uuid /* contacts_eraser: update */,
  sequence bigint not null default 0 /* contacts_eraser: update; contacts_import: insert, update; contacts_service: update */,
  subject_id uuid not null /* contacts_eraser: insert; contacts_import: insert; contacts_service: insert */,
  tenant_id uuid not null /* contacts_eraser: insert; contacts_import: insert; contacts_service: insert */
) with (fillfactor=80);
  constraint subject_kind_check CHECK ((kind ~ '^[a-z][a-z_]{0,39}$'::text))
  constraint subject_live_key UNIQUE (tenant_id, subject_id, live)
  constraint subject_pkey PRIMARY KEY (tenant_id, subject_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  CREATE TRIGGER guard_delete BEFORE DELETE ON heed.subject FOR EACH ROW EXECUTE FUNCTION heed.guard_subject()
  CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON heed.subject FOR EACH STATEMENT EXECUTE FUNCTION heed.guard_subject()
  CREATE TRIGGER guard_update BEFORE UPDATE ON heed.subject FOR EACH ROW WHEN (((old.live IS DISTINCT FROM new.live) OR (new.sequence < old.sequence) OR (old.tenant_id IS DISTINCT FROM new.tenant_id) OR (old.subject_id IS DISTINCT FROM new.subject_id))) EXECUTE FUNCTION heed.guard_subject()
  owner: contacts_owner
  grants: contacts_eraser: select; contacts_import: select; contacts_probe: select; contacts_service: select

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
  owner: contacts_owner
  grants: contacts_eraser: delete, insert, select, update; contacts_probe: select; contacts_service: delete, insert, select, update

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
  owner: contacts_owner
  grants: contacts_eraser: delete, insert, select, update; contacts_probe: select; contacts_service: delete, insert, select

create table public.change_entry (
  about_id uuid not null,
  action text not null,
  actor_id text not null,
  after text not null,
  at timestamp with time zone not null,
  before text not null,
  entry_id uuid not null,
  tenant_id uuid not null
);
  constraint change_entry_actor_id_check CHECK ((actor_id ~ '^[a-z0-9-]{1,64}$'::text))
  constraint change_entry_pkey PRIMARY KEY (tenant_id, entry_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: contacts_owner
  grants: contacts_eraser: delete, insert, select, update; contacts_probe: select; contacts_service: insert, select

create table public.consent_entry (
  basis text,
  channel text not null,
  contact_id uuid not null,
  entry_id uuid not null,
  epoch bigint not null,
  origin text /* no statistics */,
  purpose text not null,
  recorded_at timestamp with time zone not null,
  recorded_by uuid,
  said_at timestamp with time zone not null,
  sender text not null default ''::text,
  source text not null,
  state text not null,
  subject_live boolean generated always as (true) stored,
  tenant_id uuid not null
);
  constraint consent_entry_anonymous CHECK (((contact_id IS NOT NULL) OR (origin IS NULL)))
  constraint consent_entry_basis_check CHECK ((basis = ANY (ARRAY['consent'::text, 'contract'::text, 'legitimate_interest'::text])))
  constraint consent_entry_channel_check CHECK ((channel = ANY (ARRAY[''::text, 'email'::text, 'voice'::text])))
  constraint consent_entry_contact_id_fence FOREIGN KEY (tenant_id, contact_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  constraint consent_entry_epoch_check CHECK ((epoch > 0))
  constraint consent_entry_pkey PRIMARY KEY (tenant_id, entry_id)
  constraint consent_entry_purpose_check CHECK ((purpose ~ '^([a-z][a-z0-9_-]{0,62})?$'::text))
  constraint consent_entry_recorded_by_fence FOREIGN KEY (tenant_id, recorded_by, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  constraint consent_entry_sender_check CHECK ((length(sender) <= 254))
  constraint consent_entry_source_check CHECK ((source = ANY (ARRAY['import'::text, 'one_click'::text, 'page'::text, 'agent'::text, 'api'::text, 'request'::text, 'reply'::text, 'mailto'::text, 'complaint'::text, 'key'::text, 'carrier'::text, 'sign_up'::text])))
  constraint consent_entry_state CHECK (((state = 'opted_out'::text) OR ((channel <> ''::text) AND (purpose <> ''::text) AND (basis IS NOT NULL))))
  constraint consent_entry_state_check CHECK ((state = ANY (ARRAY['granted'::text, 'opted_out'::text])))
  CREATE INDEX consent_entry_by_contact ON public.consent_entry USING btree (tenant_id, contact_id, epoch DESC)
  CREATE INDEX consent_entry_recorded_by_idx ON public.consent_entry USING btree (tenant_id, recorded_by)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: contacts_owner
  grants: contacts_eraser: delete, insert, select, update; contacts_import: insert, select; contacts_probe: select; contacts_service: insert, select

create table public.consent_evidence (
  at timestamp with time zone not null,
  contact_id uuid not null,
  entry_id uuid not null,
  sealed bytea not null /* no statistics */,
  subject_live boolean generated always as (true) stored,
  tenant_id uuid not null
);
  constraint consent_evidence_anonymous CHECK (((contact_id IS NOT NULL) OR (sealed IS NULL)))
  constraint consent_evidence_contact_id_fence FOREIGN KEY (tenant_id, contact_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  constraint consent_evidence_entry FOREIGN KEY (tenant_id, entry_id) REFERENCES consent_entry(tenant_id, entry_id)
  constraint consent_evidence_pkey PRIMARY KEY (tenant_id, entry_id)
  CREATE INDEX consent_evidence_contact_id_idx ON public.consent_evidence USING btree (tenant_id, contact_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: contacts_owner
  grants: contacts_eraser: delete, insert, select, update; contacts_probe: select; contacts_service: insert, select

create table public.consent_state (
  channel text not null,
  contact_id uuid not null,
  entry_id uuid not null,
  epoch bigint not null,
  purpose text not null,
  said_at timestamp with time zone not null,
  sender text not null default ''::text,
  since timestamp with time zone not null,
  state text not null,
  subject_live boolean generated always as (true) stored,
  tenant_id uuid not null
) with (fillfactor=80);
  constraint consent_state_channel_check CHECK ((channel = ANY (ARRAY[''::text, 'email'::text, 'voice'::text])))
  constraint consent_state_contact_id_fence FOREIGN KEY (tenant_id, contact_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  constraint consent_state_pkey PRIMARY KEY (tenant_id, contact_id, channel, purpose, sender)
  constraint consent_state_purpose_check CHECK ((purpose ~ '^([a-z][a-z0-9_-]{0,62})?$'::text))
  constraint consent_state_scope CHECK (((state = 'opted_out'::text) OR ((channel <> ''::text) AND (purpose <> ''::text))))
  constraint consent_state_sender_check CHECK ((length(sender) <= 254))
  constraint consent_state_state_check CHECK ((state = ANY (ARRAY['granted'::text, 'opted_out'::text])))
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: contacts_owner
  grants: contacts_eraser: delete, insert, select, update; contacts_import: insert, select, update; contacts_probe: select; contacts_service: insert, select, update

create table public.contact (
  contact_id uuid not null,
  corrected text[] not null default '{}'::text[],
  country text /* no statistics */,
  created_at timestamp with time zone not null,
  first_name text /* no statistics */,
  last_name text /* no statistics */,
  source text not null,
  subject_live boolean generated always as (true) stored,
  tenant_id uuid not null,
  updated_at timestamp with time zone not null
);
  constraint contact_anonymous CHECK (((contact_id IS NOT NULL) OR ((first_name IS NULL) AND (last_name IS NULL) AND (country IS NULL))))
  constraint contact_contact_id_fence FOREIGN KEY (tenant_id, contact_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  constraint contact_corrected_check CHECK ((corrected <@ ARRAY['first_name'::text, 'last_name'::text, 'country'::text, 'email'::text, 'phone'::text]))
  constraint contact_country_check CHECK ((country ~ '^[A-Z]{2}$'::text))
  constraint contact_pkey PRIMARY KEY (tenant_id, contact_id)
  constraint contact_source_check CHECK ((source ~ '^(api|sign_up|import:[0-9a-f-]{36})$'::text))
  CREATE INDEX contact_created_at ON public.contact USING brin (created_at)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  CREATE TRIGGER guard_restricted BEFORE UPDATE OF first_name, last_name, country ON public.contact FOR EACH ROW WHEN (((CURRENT_USER <> 'contacts_eraser'::name) AND (((old.first_name IS DISTINCT FROM new.first_name) OR (old.last_name IS DISTINCT FROM new.last_name)) OR (old.country IS DISTINCT FROM new.country)))) EXECUTE FUNCTION heed.guard_restricted('contact_id')
  CREATE TRIGGER guard_restricted_delete BEFORE DELETE ON public.contact FOR EACH ROW WHEN ((CURRENT_USER <> 'contacts_eraser'::name)) EXECUTE FUNCTION heed.guard_restricted('contact_id')
  owner: contacts_owner
  grants: contacts_eraser: delete, insert, select, update; contacts_import: insert, select, update; contacts_probe: select; contacts_service: insert, select, update

create table public.contact_hours (
  channel text not null,
  closes_minute smallint not null,
  days smallint[] not null,
  opens_minute smallint not null,
  "position" smallint not null,
  purpose text not null,
  tenant_id uuid not null,
  time_zone text not null
);
  constraint contact_hours_channel_check CHECK ((channel = ANY (ARRAY[''::text, 'email'::text, 'voice'::text])))
  constraint contact_hours_closes_minute_check CHECK (((closes_minute >= 1) AND (closes_minute <= 1440)))
  constraint contact_hours_end CHECK ((opens_minute < closes_minute))
  constraint contact_hours_opens_minute_check CHECK (((opens_minute >= 0) AND (opens_minute <= 1439)))
  constraint contact_hours_pkey PRIMARY KEY (tenant_id, "position")
  constraint contact_hours_purpose_check CHECK ((purpose ~ '^([a-z][a-z0-9_-]{0,62})?$'::text))
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: contacts_owner
  grants: contacts_eraser: delete, insert, select, update; contacts_probe: select; contacts_service: delete, insert, select, update

create table public.contact_rules (
  confirm_language text not null default ''::text,
  confirm_sources text[] not null default '{}'::text[],
  confirm_within_minutes smallint not null default 5,
  tenant_id uuid not null,
  updated_at timestamp with time zone not null,
  version bigint not null
);
  constraint contact_rules_confirm_language_check CHECK ((confirm_language ~ '^([a-z]{2})?$'::text))
  constraint contact_rules_confirm_within_minutes_check CHECK (((confirm_within_minutes >= 1) AND (confirm_within_minutes <= 10)))
  constraint contact_rules_pkey PRIMARY KEY (tenant_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: contacts_owner
  grants: contacts_eraser: delete, insert, select, update; contacts_probe: select; contacts_service: insert, select, update

create table public.endpoint (
  address text not null /* no statistics */,
  channel text not null,
  contact_id uuid not null,
  created_at timestamp with time zone not null,
  endpoint_hash bytea not null /* no statistics */,
  endpoint_id uuid not null,
  formed integer not null default 0 /* contacts_service: update */,
  forms bytea[] /* no statistics */ /* contacts_service: update */,
  normaliser smallint not null,
  subject_live boolean generated always as (true) stored,
  tenant_id uuid not null
);
  constraint endpoint_anonymous CHECK (((contact_id IS NOT NULL) OR ((address IS NULL) AND (endpoint_hash IS NULL) AND (forms IS NULL))))
  constraint endpoint_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'voice'::text])))
  constraint endpoint_contact_id_fence FOREIGN KEY (tenant_id, contact_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  constraint endpoint_endpoint_hash_check CHECK ((octet_length(endpoint_hash) = 34))
  constraint endpoint_of_contact_key UNIQUE (tenant_id, contact_id, channel, endpoint_hash)
  constraint endpoint_pkey PRIMARY KEY (tenant_id, endpoint_id)
  CREATE INDEX endpoint_by_hash ON public.endpoint USING btree (tenant_id, endpoint_hash)
  CREATE INDEX endpoint_formed_in_order ON public.endpoint USING btree (tenant_id, formed, endpoint_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: contacts_owner
  grants: contacts_eraser: delete, insert, select, update; contacts_import: insert, select; contacts_probe: select; contacts_service: insert, select

create table public.endpoint_state (
  contact_id uuid not null,
  endpoint_id uuid not null,
  failures integer not null,
  heard_at timestamp with time zone not null,
  reason text not null,
  state text not null,
  subject_live boolean generated always as (true) stored,
  tenant_id uuid not null
);
  constraint endpoint_state_contact_id_fence FOREIGN KEY (tenant_id, contact_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  constraint endpoint_state_failures_check CHECK ((failures >= 0))
  constraint endpoint_state_pkey PRIMARY KEY (tenant_id, endpoint_id)
  constraint endpoint_state_reason_check CHECK ((reason ~ '^[a-z0-9_]{0,40}$'::text))
  constraint endpoint_state_state_check CHECK ((state = ANY (ARRAY['reachable'::text, 'undeliverable'::text])))
  CREATE INDEX endpoint_state_contact_id_idx ON public.endpoint_state USING btree (tenant_id, contact_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: contacts_owner
  grants: contacts_eraser: delete, insert, select, update; contacts_probe: select; contacts_service: insert, select, update

create table public.frequency_cap (
  channel text not null,
  most integer not null,
  period_hours integer not null,
  "position" smallint not null,
  purpose text not null,
  tenant_id uuid not null
);
  constraint frequency_cap_channel_check CHECK ((channel = ANY (ARRAY[''::text, 'email'::text, 'voice'::text])))
  constraint frequency_cap_most_check CHECK ((most > 0))
  constraint frequency_cap_once UNIQUE (tenant_id, channel, purpose, period_hours)
  constraint frequency_cap_period_hours_check CHECK (((period_hours >= 1) AND (period_hours <= 816)))
  constraint frequency_cap_pkey PRIMARY KEY (tenant_id, "position")
  constraint frequency_cap_purpose_check CHECK ((purpose ~ '^([a-z][a-z0-9_-]{0,62})?$'::text))
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: contacts_owner
  grants: contacts_eraser: delete, insert, select, update; contacts_probe: select; contacts_service: delete, insert, select, update

create table public.import (
  accepted bigint not null default 0,
  consents bigint not null default 0,
  created bigint not null default 0,
  created_at timestamp with time zone not null,
  failure_reason text,
  finished_at timestamp with time zone,
  header text[] not null default '{}'::text[],
  import_id uuid not null,
  list_id uuid not null,
  merged_through bigint not null default 0,
  received_at timestamp with time zone not null,
  rejected jsonb not null default '{}'::jsonb,
  rows bigint not null default 0,
  state text not null,
  tenant_id uuid not null,
  updated bigint not null default 0
);
  constraint import_ended CHECK (((state = ANY (ARRAY['receiving'::text, 'merging'::text])) = (finished_at IS NULL)))
  constraint import_failed CHECK (((state = 'failed'::text) = (failure_reason IS NOT NULL)))
  constraint import_failure_reason_check CHECK ((failure_reason ~ '^[A-Z][A-Z0-9_]{0,63}$'::text))
  constraint import_list FOREIGN KEY (tenant_id, list_id) REFERENCES list(tenant_id, list_id)
  constraint import_pkey PRIMARY KEY (tenant_id, import_id)
  constraint import_state_check CHECK ((state = ANY (ARRAY['receiving'::text, 'merging'::text, 'completed'::text, 'failed'::text, 'cancelled'::text])))
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: contacts_owner
  grants: contacts_eraser: delete, insert, select, update; contacts_import: insert, select, update; contacts_probe: select; contacts_service: select, update

create table public.import_reject (
  at timestamp with time zone not null,
  cells text not null /* no statistics */,
  columns text not null,
  contact_id uuid not null,
  hashes text[] not null /* no statistics */,
  import_id uuid not null,
  line bigint not null,
  reason text not null,
  "row" bigint not null,
  tenant_id uuid not null
);
  constraint import_reject_pkey PRIMARY KEY (tenant_id, import_id, "row")
  constraint import_reject_reason_check CHECK ((reason ~ '^[A-Z][A-Z0-9_]{0,63}$'::text))
  row level security
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: contacts_import
  grants: contacts_eraser: delete, select; contacts_probe: select; contacts_service: select

create table public.import_row (
  cells text not null /* no statistics */,
  consents text /* no statistics */,
  contact_id uuid not null,
  country text /* no statistics */,
  email text /* no statistics */,
  email_hash text /* no statistics */,
  fault text,
  fault_columns text,
  first_name text /* no statistics */,
  hashes text[] not null /* no statistics */,
  import_id uuid not null,
  last_name text /* no statistics */,
  line bigint not null,
  phone text /* no statistics */,
  phone_hash text /* no statistics */,
  "row" bigint not null,
  tenant_id uuid not null
);
  constraint import_row_pkey PRIMARY KEY (tenant_id, import_id, "row")
  CREATE INDEX import_row_email ON public.import_row USING btree (email_hash) WHERE (email_hash IS NOT NULL)
  CREATE INDEX import_row_phone ON public.import_row USING btree (phone_hash) WHERE (phone_hash IS NOT NULL)
  row level security
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: contacts_import
  grants: contacts_eraser: delete, select; contacts_probe: select

create table public.list (
  created_at timestamp with time zone not null,
  list_id uuid not null,
  name text not null,
  tenant_id uuid not null
);
  constraint list_name_key UNIQUE (tenant_id, name)
  constraint list_pkey PRIMARY KEY (tenant_id, list_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: contacts_owner
  grants: contacts_eraser: delete, insert, select, update; contacts_import: select; contacts_probe: select; contacts_service: delete, insert, select, update

create table public.list_member (
  added_at timestamp with time zone not null,
  contact_id uuid not null,
  list_id uuid not null,
  subject_live boolean generated always as (true) stored,
  tenant_id uuid not null
);
  constraint list_member_contact_id_fence FOREIGN KEY (tenant_id, contact_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  constraint list_member_list FOREIGN KEY (tenant_id, list_id) REFERENCES list(tenant_id, list_id)
  constraint list_member_pkey PRIMARY KEY (tenant_id, list_id, contact_id)
  CREATE INDEX list_member_contact_id_idx ON public.list_member USING btree (tenant_id, contact_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: contacts_owner
  grants: contacts_eraser: delete, insert, select, update; contacts_import: insert, select; contacts_probe: select; contacts_service: delete, insert, select, update

create table public.opt_out_confirmation (
  attempt_id uuid not null,
  confirm_by timestamp with time zone not null,
  contact_id uuid not null,
  due_at timestamp with time zone not null,
  entry_id uuid not null,
  subject_live boolean generated always as (true) stored,
  tenant_id uuid not null
);
  constraint opt_out_confirmation_attempt UNIQUE (tenant_id, attempt_id)
  constraint opt_out_confirmation_contact_id_fence FOREIGN KEY (tenant_id, contact_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  constraint opt_out_confirmation_minutes CHECK (((confirm_by > due_at) AND (confirm_by <= (due_at + '00:10:00'::interval))))
  constraint opt_out_confirmation_pkey PRIMARY KEY (tenant_id, entry_id)
  CREATE INDEX opt_out_confirmation_contact_id_idx ON public.opt_out_confirmation USING btree (tenant_id, contact_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: contacts_owner
  grants: contacts_eraser: delete, insert, select, update; contacts_probe: select; contacts_service: insert, select

create table public.permit (
  address_salt bytea not null /* no statistics */,
  attempt_id uuid not null,
  channel text not null,
  consent_entry_id uuid,
  contact_id uuid not null,
  day timestamp with time zone not null,
  endpoint_hash bytea not null /* no statistics */,
  endpoint_id uuid not null,
  issued_at timestamp with time zone not null,
  issued_to text not null,
  lifetime_ms integer not null,
  nonce bytea not null,
  permit_id uuid not null,
  purpose text not null,
  returned_at timestamp with time zone /* contacts_service: update */,
  rule_version text not null,
  sender text not null default ''::text,
  subject_live boolean generated always as (true) stored,
  tenant_id uuid not null
) partition by RANGE (day);
  constraint permit_anonymous CHECK (((contact_id IS NOT NULL) OR ((endpoint_hash IS NULL) AND (address_salt IS NULL))))
  constraint permit_contact_id_fence FOREIGN KEY (tenant_id, contact_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  constraint permit_lifetime_ms_check CHECK (((lifetime_ms >= 1) AND (lifetime_ms <= 1000)))
  constraint permit_nonce_check CHECK ((octet_length(nonce) = 16))
  constraint permit_once UNIQUE (tenant_id, attempt_id, nonce, day)
  constraint permit_pkey PRIMARY KEY (tenant_id, permit_id, day)
  CREATE INDEX permit_contact_id_idx ON ONLY public.permit USING btree (tenant_id, contact_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: contacts_owner
  grants: contacts_eraser: delete, insert, select, update; contacts_probe: select; contacts_service: insert, select

create table public.sign_up (
  attempt_id uuid not null,
  contact_id uuid not null,
  endpoint_hash bytea not null /* no statistics */,
  expires_at timestamp with time zone not null,
  mailed_at timestamp with time zone not null,
  mails integer not null,
  sealed bytea not null /* no statistics */,
  sign_up_form_id uuid not null,
  sign_up_id uuid not null,
  signed_up_at timestamp with time zone not null,
  subject_live boolean generated always as (true) stored,
  tenant_id uuid not null,
  wording_version integer not null
);
  constraint sign_up_anonymous CHECK (((contact_id IS NOT NULL) OR ((endpoint_hash IS NULL) AND (sealed IS NULL))))
  constraint sign_up_attempt UNIQUE (tenant_id, attempt_id)
  constraint sign_up_check CHECK ((expires_at > signed_up_at))
  constraint sign_up_contact_id_fence FOREIGN KEY (tenant_id, contact_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  constraint sign_up_mails_check CHECK ((mails > 0))
  constraint sign_up_of_form FOREIGN KEY (tenant_id, sign_up_form_id) REFERENCES sign_up_form(tenant_id, sign_up_form_id)
  constraint sign_up_once UNIQUE (tenant_id, endpoint_hash, sign_up_form_id)
  constraint sign_up_pkey PRIMARY KEY (tenant_id, sign_up_id)
  CREATE INDEX sign_up_contact_id_idx ON public.sign_up USING btree (tenant_id, contact_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: contacts_owner
  grants: contacts_eraser: delete, insert, select, update; contacts_probe: select; contacts_service: delete, insert, select, update

create table public.sign_up_confirmation (
  channel text not null,
  confirmed_at timestamp with time zone not null,
  contact_id uuid not null,
  ended_at timestamp with time zone /* contacts_service: update */,
  endpoint_hash bytea not null /* no statistics */,
  entry_id uuid not null,
  purpose text not null,
  sender text not null,
  sign_up_form_id uuid not null,
  sign_up_id uuid not null,
  signed_up_at timestamp with time zone not null,
  subject_live boolean generated always as (true) stored,
  tenant_id uuid not null,
  wording_version integer not null
);
  constraint sign_up_confirmation_anonymous CHECK (((contact_id IS NOT NULL) OR (endpoint_hash IS NULL)))
  constraint sign_up_confirmation_check CHECK ((confirmed_at >= signed_up_at))
  constraint sign_up_confirmation_contact_id_fence FOREIGN KEY (tenant_id, contact_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  constraint sign_up_confirmation_pkey PRIMARY KEY (tenant_id, entry_id)
  CREATE INDEX sign_up_confirmation_address ON public.sign_up_confirmation USING btree (tenant_id, endpoint_hash) WHERE (ended_at IS NULL)
  CREATE INDEX sign_up_confirmation_contact_id_idx ON public.sign_up_confirmation USING btree (tenant_id, contact_id)
  CREATE INDEX sign_up_confirmation_token ON public.sign_up_confirmation USING btree (tenant_id, sign_up_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: contacts_owner
  grants: contacts_eraser: delete, insert, select, update; contacts_probe: select; contacts_service: insert, select

create table public.sign_up_form (
  allowed_origins text[] not null,
  created_at timestamp with time zone not null,
  is_open boolean not null,
  language text not null,
  list_id uuid not null,
  name text not null,
  purposes text[] not null,
  sender text not null,
  sign_up_form_id uuid not null,
  template_id uuid not null,
  tenant_id uuid not null,
  wording text not null,
  wording_version integer not null
);
  constraint sign_up_form_language_check CHECK ((language ~ '^[a-z]{2}$'::text))
  constraint sign_up_form_list FOREIGN KEY (tenant_id, list_id) REFERENCES list(tenant_id, list_id)
  constraint sign_up_form_name_key UNIQUE (tenant_id, name)
  constraint sign_up_form_pkey PRIMARY KEY (tenant_id, sign_up_form_id)
  constraint sign_up_form_purposes_check CHECK (((cardinality(purposes) >= 1) AND (cardinality(purposes) <= 5)))
  constraint sign_up_form_wording_version_check CHECK ((wording_version > 0))
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: contacts_owner
  grants: contacts_eraser: delete, insert, select, update; contacts_probe: select; contacts_service: insert, select, update

create table public.stopped (
  at timestamp with time zone not null,
  contact_id uuid not null,
  request_id uuid not null,
  restricts boolean not null default false,
  subject_live boolean generated always as (true) stored,
  tenant_id uuid not null
);
  constraint stopped_contact_id_fence FOREIGN KEY (tenant_id, contact_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  constraint stopped_pkey PRIMARY KEY (tenant_id, contact_id, request_id)
  CREATE INDEX stopped_request ON public.stopped USING btree (tenant_id, request_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: contacts_owner
  grants: contacts_eraser: delete, insert, select, update; contacts_probe: select; contacts_service: insert, select

create table public.suppression (
  at timestamp with time zone not null,
  channel text not null,
  endpoint_hash bytea not null,
  normaliser smallint not null,
  purpose text not null,
  reason text not null,
  sender text not null default ''::text,
  stated text not null default ''::text,
  tenant_id uuid not null
);
  constraint suppression_channel_check CHECK ((channel = ANY (ARRAY[''::text, 'email'::text, 'voice'::text])))
  constraint suppression_endpoint_hash_check CHECK ((octet_length(endpoint_hash) = 34))
  constraint suppression_pkey PRIMARY KEY (tenant_id, endpoint_hash, reason, channel, purpose, sender)
  constraint suppression_purpose_check CHECK ((purpose ~ '^([a-z][a-z0-9_-]{0,62})?$'::text))
  constraint suppression_reason_check CHECK ((reason = ANY (ARRAY['opt_out'::text, 'erased'::text, 'listed'::text])))
  constraint suppression_sender_check CHECK ((length(sender) <= 254))
  constraint suppression_stated_check CHECK ((stated ~ '^([a-z][a-z0-9_-]{0,62})?$'::text))
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: contacts_owner
  grants: contacts_eraser: insert, select; contacts_import: select; contacts_probe: select; contacts_service: insert, select

create table public.suppression_rotation (
  begun_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  formed bigint not null default 0,
  key_version smallint not null,
  lifted bigint not null default 0,
  rotation_id uuid not null,
  state text not null,
  tenant_id uuid not null
);
  constraint suppression_rotation_key_version_check CHECK (((key_version >= 2) AND (key_version <= 255)))
  constraint suppression_rotation_pkey PRIMARY KEY (tenant_id, rotation_id)
  constraint suppression_rotation_state_check CHECK ((state = ANY (ARRAY['announced'::text, 'forming'::text, 'opened'::text, 'lifting'::text, 'done'::text])))
  constraint suppression_rotation_version UNIQUE (tenant_id, key_version)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: contacts_owner
  grants: contacts_eraser: delete, insert, select, update; contacts_probe: select; contacts_service: insert, select, update


routine heed.check_tenant_leads(regclass) digest 65d2ca8621d6d19d
routine heed.copy_hash_key() digest 2f5a46c9a6953e71
routine heed.copy_protection(regclass,regclass) digest 65110ac2cc23a1be
routine heed.day_table(regclass) digest ef0b55ec77e2a72d
routine heed.drop_day_partitions(regclass,timestamp with time zone,timestamp with time zone) digest dd265fc2fd8e3f83 -- contacts_relay: execute; contacts_service: execute
routine heed.ensure_day_partitions(regclass,timestamp with time zone,integer) digest 4c3c86b0921d2c77 -- contacts_relay: execute; contacts_service: execute
routine heed.fenced(regclass,text,text[],boolean,text) digest 75f37d836aa0af52
routine heed.first_id_of(date) digest d0b8fe251866954b
routine heed.forget_statistics(regclass,text[]) digest f235eca0c99d6d14
routine heed.grant_to(text,text,text[]) digest b6e48e4234407207
routine heed.guard_restricted() digest b4efc33cc1c6a387
routine heed.guard_subject() digest bc597881f65334ea
routine heed.hide_retained(regclass) digest 834cd22d858c13c5
routine heed.infrastructure(regclass,text[]) digest 787bdb6ea498480a
routine heed.is_held(uuid,uuid) digest 4cd643780c0b4d97 -- contacts_eraser: execute; contacts_import: execute; contacts_service: execute
routine heed.lift_suppression(bytea[],bytea[]) digest 12d01e426f7d3278 -- contacts_service: execute
routine heed.next_sequence(uuid,uuid) digest ffbe2cdd5e46f664 -- contacts_eraser: execute; contacts_import: execute; contacts_service: execute
routine heed.next_sequences(uuid,uuid[]) digest 937c8dff15ccffa6 -- contacts_eraser: execute; contacts_import: execute; contacts_service: execute
routine heed.partitioned_by_day(regclass,integer) digest a5a102cfe0fb2b0d
routine heed.personal(regclass,text,text[]) digest a32a391963494bfa
routine heed.qualified(regclass) digest 28ef1384a93ca253
routine heed.raise_wall(regclass) digest 2ba15e064ef52bab
routine heed.refer_to_subject(regclass,text,boolean) digest 38db52b9e8beedf7
routine heed.renew_suppression(bytea[],text,text,text,text,timestamp with time zone) digest d022e7e2d76a4003 -- contacts_eraser: execute; contacts_service: execute
routine heed.role(text) digest 7f4f20c625a1688f
routine heed.roles(text[]) digest ffb91e086426420e
routine heed.staging(regclass) digest 922af5bb2ca62ca3
routine heed.tend_inbox(integer) digest 692ea235e8b81b38 -- contacts_relay: execute
routine heed.tend_outbox(pg_snapshot) digest 1b7b32c087b5629c -- contacts_relay: execute
routine heed.unchanged_while_restricted(regclass,text,text[]) digest bcd812c4fb4776e3
routine heed.walled(regclass) digest a7e984c499b108cd
routine heed.with_partitions(regclass) digest 39b3343878efe708

partitioned by day: heed.outbox, kept 7 days
partitioned by day: public.permit, kept 35 days
