-- The schema after all migrations, generated: npm run schema. Read it, do not run it.

create schema heed; -- identity_bus: usage; identity_eraser: usage; identity_probe: usage; identity_relay: usage; identity_service: usage
create schema public; -- identity_bus: usage; identity_eraser: usage; identity_probe: usage; identity_relay: usage; identity_service: usage

create table heed.day_partitioned (
  keep_days integer not null,
  relation text not null
);
  constraint day_partitioned_keep_days_check CHECK (((keep_days >= 1) AND (keep_days <= 3660)))
  constraint day_partitioned_pkey PRIMARY KEY (relation)
  owner: identity_owner
  grants: identity_probe: select; identity_relay: select; identity_service: select

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
  owner: identity_owner
  grants: identity_eraser: delete, insert, select, update; identity_probe: select; identity_service: delete, insert, select, update

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
  owner: identity_owner
  grants: identity_eraser: delete, insert, select, update; identity_probe: select; identity_service: delete, insert, select, update

create table heed.hash_key (
  at timestamp with time zone not null,
  kms_key_id text not null /* identity_service: update */,
  tenant_id uuid not null,
  usable_from timestamp with time zone not null /* identity_service: update */,
  version smallint not null,
  wrapped bytea not null /* identity_service: update */
);
  constraint hash_key_pkey PRIMARY KEY (tenant_id, version)
  constraint hash_key_version_check CHECK (((version >= 1) AND (version <= 255)))
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: identity_owner
  grants: identity_eraser: insert, select; identity_probe: select; identity_service: insert, select

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
  owner: identity_owner
  grants: identity_eraser: delete, insert, select, update; identity_probe: select; identity_service: delete, insert, select, update

create table heed.inbox (
  consumer text not null,
  event_id uuid not null,
  received_at timestamp with time zone not null
) partition by RANGE (event_id);
  constraint inbox_pkey PRIMARY KEY (event_id, consumer)
  owner: identity_owner
  grants: identity_eraser: insert, select; identity_probe: select; identity_relay: insert, select; identity_service: insert, select

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
  owner: identity_owner
  grants: identity_eraser: insert, select, update; identity_probe: select; identity_relay: insert, select, update; identity_service: delete, insert, select, update

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
  owner: identity_owner
  grants: identity_probe: select; identity_service: delete, insert, select, update

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
  owner: identity_owner
  grants: identity_probe: select; identity_service: delete, insert, select, update

create table heed.migration (
  applied_at timestamp with time zone not null default clock_timestamp(),
  breaking boolean not null,
  checksum text not null,
  name text not null,
  reason text not null,
  source text not null
);
  constraint migration_pkey PRIMARY KEY (source, name)
  owner: identity_owner
  grants: public: select

create table heed.offsite_due (
  at timestamp with time zone not null default clock_timestamp(),
  id bigint not null generated as identity,
  log text not null,
  payload bytea not null,
  tenant_id uuid not null
);
  constraint offsite_due_pkey PRIMARY KEY (id)
  owner: identity_owner
  grants: identity_eraser: insert; identity_probe: select; identity_service: delete, insert, select

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
  owner: identity_owner
  grants: identity_eraser: select; identity_probe: select; identity_service: delete, insert, select, update

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
  owner: identity_owner
  grants: identity_eraser: delete, insert, select, update; identity_probe: select; identity_service: delete, insert, select, update

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
  owner: identity_owner
  grants: identity_eraser: delete, insert, select, update; identity_probe: select; identity_service: delete, insert, select, update

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
  owner: identity_owner
  grants: identity_eraser: insert, select; identity_probe: select; identity_service: insert, select

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
  permissive policy readers for r to identity_bus, identity_relay using true
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: identity_owner
  grants: identity_bus: select; identity_eraser: insert; identity_probe: select; identity_relay: select; identity_service: insert

create table heed.outbox_horizon (
  name text not null,
  seq bigint not null,
  xid xid8 not null
);
  constraint outbox_horizon_name_check CHECK ((name = 'outbox'::text))
  constraint outbox_horizon_pkey PRIMARY KEY (name)
  owner: identity_owner
  grants: identity_bus: select; identity_probe: select; identity_relay: select, update; identity_service: select

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
  owner: identity_owner
  grants: identity_eraser: delete, insert, select, update; identity_probe: select; identity_relay: delete, insert, select, update; identity_service: delete, insert, select, update

create table heed.parked_key (
  consumer text not null,
  key text not null /* no statistics */,
  replay_asked_at timestamp with time zone,
  since timestamp with time zone not null,
  topic text not null
);
  constraint parked_key_pkey PRIMARY KEY (consumer, topic, key)
  owner: identity_owner
  grants: identity_eraser: delete, insert, select, update; identity_probe: select; identity_relay: delete, insert, select, update; identity_service: delete, insert, select, update

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
  owner: identity_owner
  grants: identity_probe: select; identity_service: delete, insert, select, update

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
  owner: identity_owner
  grants: identity_probe: select; identity_service: insert, select

create table heed.receipt (
  action text not null,
  batch_id uuid not null,
  key_id text not null /* identity_service: update */,
  manifest_version text not null,
  receipt_id uuid not null,
  root bytea not null,
  signature bytea not null /* identity_service: update */,
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
  owner: identity_owner
  grants: identity_eraser: insert, select; identity_probe: select; identity_service: insert, select

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
  owner: identity_owner
  grants: identity_eraser: insert, select; identity_probe: select; identity_service: insert, select

create table heed.refused (
  consumer text not null,
  last_at timestamp with time zone not null,
  n bigint not null default 0,
  reason text not null
);
  constraint refused_pkey PRIMARY KEY (consumer, reason)
  owner: identity_owner
  grants: identity_eraser: insert, select, update; identity_probe: select; identity_relay: insert, select, update; identity_service: insert, select, update

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
  owner: identity_owner
  grants: identity_probe: select; identity_relay: select, update; identity_service: select

create table heed.replay_end (
  at timestamp with time zone not null,
  consumer text not null,
  partition integer not null,
  "position" text not null,
  topic text not null
);
  constraint replay_end_pkey PRIMARY KEY (consumer, topic, partition)
  owner: identity_owner
  grants: identity_eraser: select; identity_probe: select; identity_relay: select; identity_service: delete, insert, select, update

create table heed.resync_step (
  began_at timestamp with time zone not null,
  done bigint not null default 0,
  finished_at timestamp with time zone,
  ordinal integer not null,
  step text not null,
  total bigint
);
  constraint resync_step_pkey PRIMARY KEY (step)
  owner: identity_owner
  grants: identity_probe: select; identity_service: delete, insert, select, update

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
  owner: identity_owner
  grants: identity_eraser: delete, insert, select, update; identity_probe: select; identity_service: delete, insert, select, update

create table heed.rpc_replay (
  answer bytea,
  at timestamp with time zone not null /* identity_relay: select */,
  id bytea not null /* identity_relay: select */,
  request_mac bytea not null,
  tenant_id uuid not null /* identity_relay: select */
) with (fillfactor=70);
  constraint rpc_replay_id_check CHECK ((length(id) = 32))
  constraint rpc_replay_pkey PRIMARY KEY (tenant_id, id)
  constraint rpc_replay_request_mac_check CHECK ((length(request_mac) = 32))
  CREATE INDEX rpc_replay_at ON heed.rpc_replay USING btree (at)
  row level security, forced
  permissive policy expiry for * to identity_relay using true
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: identity_owner
  grants: identity_eraser: delete, insert, select, update; identity_probe: select; identity_relay: delete; identity_service: delete, insert, select, update

create table heed.subject (
  kind text not null default 'contact'::text /* identity_eraser: insert; identity_service: insert */,
  live boolean not null default true /* identity_eraser: insert, update */,
  restricted_by uuid /* identity_eraser: update */,
  sequence bigint not null default 0 /* identity_eraser: update; identity_service: update */,
  subject_id uuid not null /* identity_eraser: insert; identity_service: insert */,
  tenant_id uuid not null /* identity_eraser: insert; identity_service: insert */
) with (fillfactor=80);
  constraint subject_kind_check CHECK ((kind ~ '^[a-z][a-z_]{0,39}$'::text))
  constraint subject_live_key UNIQUE (tenant_id, subject_id, live)
  constraint subject_pkey PRIMARY KEY (tenant_id, subject_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  CREATE TRIGGER guard_delete BEFORE DELETE ON heed.subject FOR EACH ROW EXECUTE FUNCTION heed.guard_subject()
  CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON heed.subject FOR EACH STATEMENT EXECUTE FUNCTION heed.guard_subject()
  CREATE TRIGGER guard_update BEFORE UPDATE ON heed.subject FOR EACH ROW WHEN (((old.live IS DISTINCT FROM new.live) OR (new.sequence < old.sequence) OR (old.tenant_id IS DISTINCT FROM new.tenant_id) OR (old.subject_id IS DISTINCT FROM new.subject_id))) EXECUTE FUNCTION heed.guard_subject()
  owner: identity_owner
  grants: identity_eraser: select; identity_probe: select; identity_service: select

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
  owner: identity_owner
  grants: identity_eraser: delete, insert, select, update; identity_probe: select; identity_service: delete, insert, select, update

create table public.api_key (
  api_key_id uuid not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone,
  last_used_at timestamp with time zone,
  member_id uuid not null,
  name text not null,
  revoked_at timestamp with time zone,
  scopes text[] not null,
  secret_hash bytea not null,
  subject_live boolean generated always as (true) stored,
  tenant_id uuid not null
);
  constraint api_key_member_id_fence FOREIGN KEY (tenant_id, member_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  constraint api_key_name_check CHECK ((name ~ '^[A-Za-z0-9][A-Za-z0-9 ._/-]{0,79}$'::text))
  constraint api_key_pkey PRIMARY KEY (tenant_id, api_key_id)
  constraint api_key_scopes_check CHECK (((cardinality(scopes) >= 1) AND (cardinality(scopes) <= 50)))
  constraint api_key_secret_hash_check CHECK ((length(secret_hash) = 32))
  CREATE INDEX api_key_member_id_idx ON public.api_key USING btree (tenant_id, member_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: identity_owner
  grants: identity_eraser: delete, insert, select, update; identity_probe: select; identity_service: delete, insert, select, update

create table public.audit_due (
  about_id uuid not null,
  action text not null,
  actor_id uuid not null,
  at timestamp with time zone not null,
  entry_id uuid not null,
  tenant_id uuid not null
);
  constraint audit_due_action_check CHECK ((action ~ '^/[A-Za-z0-9./]{1,190}$'::text))
  constraint audit_due_pkey PRIMARY KEY (tenant_id, entry_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: identity_owner
  grants: identity_eraser: delete, insert, select, update; identity_probe: select; identity_service: delete, insert, select, update

create table public.invitation (
  accepted_at timestamp with time zone,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  invitation_id uuid not null,
  member_id uuid not null,
  subject_live boolean generated always as (true) stored,
  tenant_id uuid not null,
  token_hash bytea not null
);
  constraint invitation_member_id_fence FOREIGN KEY (tenant_id, member_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  constraint invitation_pkey PRIMARY KEY (tenant_id, invitation_id)
  constraint invitation_token_hash_check CHECK ((length(token_hash) = 32))
  constraint invitation_token_key UNIQUE (tenant_id, token_hash)
  CREATE INDEX invitation_member_id_idx ON public.invitation USING btree (tenant_id, member_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: identity_owner
  grants: identity_eraser: delete, insert, select, update; identity_probe: select; identity_service: delete, insert, select, update

create table public.member (
  created_at timestamp with time zone not null,
  email text not null /* no statistics */,
  failed_sign_ins integer not null default 0,
  locked_until timestamp with time zone,
  member_id uuid not null,
  name text not null /* no statistics */,
  password_hash text /* no statistics */,
  roles text[] not null,
  state text not null,
  subject_live boolean generated always as (true) stored,
  tenant_id uuid not null,
  updated_at timestamp with time zone not null
);
  constraint member_active_has_password CHECK (((state <> 'active'::text) OR (password_hash IS NOT NULL)))
  constraint member_anonymous CHECK (((member_id IS NOT NULL) OR ((email IS NULL) AND (name IS NULL) AND (password_hash IS NULL))))
  constraint member_failed_sign_ins_check CHECK ((failed_sign_ins >= 0))
  constraint member_member_id_fence FOREIGN KEY (tenant_id, member_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  constraint member_operator_has_no_roles CHECK (((tenant_id = '00000000-0000-0000-0000-000000000000'::uuid) = (cardinality(roles) = 0)))
  constraint member_pkey PRIMARY KEY (tenant_id, member_id)
  constraint member_state_check CHECK ((state = ANY (ARRAY['invited'::text, 'active'::text, 'deactivated'::text])))
  CREATE UNIQUE INDEX member_email_key ON public.member USING btree (tenant_id, lower(email))
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  CREATE TRIGGER guard_restricted BEFORE UPDATE OF email, name ON public.member FOR EACH ROW WHEN (((CURRENT_USER <> 'identity_eraser'::name) AND ((old.email IS DISTINCT FROM new.email) OR (old.name IS DISTINCT FROM new.name)))) EXECUTE FUNCTION heed.guard_restricted('member_id')
  CREATE TRIGGER guard_restricted_delete BEFORE DELETE ON public.member FOR EACH ROW WHEN ((CURRENT_USER <> 'identity_eraser'::name)) EXECUTE FUNCTION heed.guard_restricted('member_id')
  owner: identity_owner
  grants: identity_eraser: delete, insert, select, update; identity_probe: select; identity_service: delete, insert, select, update

create table public.member_notice (
  expires_at timestamp with time zone not null,
  member_id uuid not null,
  message_id uuid not null,
  notice text not null,
  requested_at timestamp with time zone not null,
  subject_live boolean generated always as (true) stored,
  tenant_id uuid not null
);
  constraint member_notice_member_id_fence FOREIGN KEY (tenant_id, member_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  constraint member_notice_notice_check CHECK ((notice = ANY (ARRAY['invitation'::text, 'password_reset'::text])))
  constraint member_notice_pkey PRIMARY KEY (tenant_id, message_id)
  CREATE INDEX member_notice_member_idx ON public.member_notice USING btree (tenant_id, member_id, notice, requested_at)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: identity_owner
  grants: identity_eraser: delete, insert, select, update; identity_probe: select; identity_service: delete, insert, select, update

create table public.password_reset (
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  member_id uuid not null,
  reset_id uuid not null,
  subject_live boolean generated always as (true) stored,
  tenant_id uuid not null,
  token_hash bytea not null,
  used_at timestamp with time zone
);
  constraint password_reset_member_id_fence FOREIGN KEY (tenant_id, member_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  constraint password_reset_pkey PRIMARY KEY (tenant_id, reset_id)
  constraint password_reset_token_hash_check CHECK ((length(token_hash) = 32))
  constraint password_reset_token_key UNIQUE (tenant_id, token_hash)
  CREATE INDEX password_reset_member_id_idx ON public.password_reset USING btree (tenant_id, member_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: identity_owner
  grants: identity_eraser: delete, insert, select, update; identity_probe: select; identity_service: delete, insert, select, update

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
  owner: identity_owner
  grants: identity_eraser: delete, insert, select, update; identity_probe: select; identity_service: delete, insert, select

create table public.refresh_token (
  expires_at timestamp with time zone not null,
  issued_at timestamp with time zone not null,
  member_id uuid not null,
  session_id uuid not null,
  subject_live boolean generated always as (true) stored,
  tenant_id uuid not null,
  token_hash bytea not null,
  used_at timestamp with time zone
);
  constraint refresh_token_member_id_fence FOREIGN KEY (tenant_id, member_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  constraint refresh_token_pkey PRIMARY KEY (tenant_id, token_hash)
  constraint refresh_token_token_hash_check CHECK ((length(token_hash) = 32))
  CREATE UNIQUE INDEX refresh_token_current ON public.refresh_token USING btree (tenant_id, session_id) WHERE (used_at IS NULL)
  CREATE INDEX refresh_token_member_id_idx ON public.refresh_token USING btree (tenant_id, member_id)
  CREATE INDEX refresh_token_session ON public.refresh_token USING btree (tenant_id, session_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: identity_owner
  grants: identity_eraser: delete, insert, select, update; identity_probe: select; identity_service: delete, insert, select, update

create table public.service_key (
  follows text,
  key_id text not null,
  public_key bytea not null,
  registered_at timestamp with time zone not null,
  revoked_at timestamp with time zone /* identity_service: update */,
  service text not null
);
  constraint service_key_chain UNIQUE NULLS NOT DISTINCT (service, follows)
  constraint service_key_follows FOREIGN KEY (service, follows) REFERENCES service_key(service, key_id)
  constraint service_key_key_id_check CHECK ((key_id ~ '^[0-9a-f]{16}$'::text))
  constraint service_key_pkey PRIMARY KEY (service, key_id)
  constraint service_key_public_key_check CHECK ((length(public_key) = 32))
  owner: identity_owner
  grants: identity_probe: select; identity_service: insert, select

create table public.session (
  created_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  ended_by text,
  expires_at timestamp with time zone not null,
  member_id uuid not null,
  refreshed_at timestamp with time zone not null,
  session_id uuid not null,
  subject_live boolean generated always as (true) stored,
  tenant_id uuid not null
);
  constraint session_end_has_reason CHECK (((ended_at IS NULL) = (ended_by IS NULL)))
  constraint session_ended_by_check CHECK ((ended_by = ANY (ARRAY['sign_out'::text, 'reuse'::text, 'password'::text, 'restored'::text])))
  constraint session_member_id_fence FOREIGN KEY (tenant_id, member_id, subject_live) REFERENCES heed.subject(tenant_id, subject_id, live)
  constraint session_pkey PRIMARY KEY (tenant_id, session_id)
  CREATE INDEX session_member_id_idx ON public.session USING btree (tenant_id, member_id)
  row level security, forced
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: identity_owner
  grants: identity_eraser: delete, insert, select, update; identity_probe: select; identity_service: delete, insert, select, update

create table public.tenant (
  created_at timestamp with time zone not null,
  name text not null,
  slug text not null,
  tenant_id uuid not null
);
  constraint tenant_pkey PRIMARY KEY (tenant_id)
  constraint tenant_tenant_id_check CHECK ((tenant_id <> '00000000-0000-0000-0000-000000000000'::uuid))
  row level security, forced
  permissive policy outside_tenants for r to public using (current_setting('heed.tenant'::text, true) = '00000000-0000-0000-0000-000000000000'::text)
  permissive policy tenant_wall for * to public using (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid) check (tenant_id = (NULLIF(current_setting('heed.tenant'::text, true), ''::text))::uuid)
  owner: identity_owner
  grants: identity_probe: select; identity_service: insert, select

create table public.tenant_slug (
  slug text not null,
  tenant_id uuid not null
);
  constraint tenant_slug_pkey PRIMARY KEY (slug)
  constraint tenant_slug_tenant_id_key UNIQUE (tenant_id)
  owner: identity_owner
  grants: identity_probe: select; identity_service: insert, select

create table public.token_key (
  first_used_at timestamp with time zone not null,
  key_id text not null,
  public_key bytea not null,
  served_until timestamp with time zone not null
);
  constraint token_key_key_id_check CHECK ((key_id ~ '^[0-9a-f]{16}$'::text))
  constraint token_key_pkey PRIMARY KEY (key_id)
  constraint token_key_public_key_check CHECK ((length(public_key) = 32))
  owner: identity_owner
  grants: identity_probe: select; identity_service: insert, select, update


routine heed.check_tenant_leads(regclass) digest 65d2ca8621d6d19d
routine heed.copy_protection(regclass,regclass) digest 65110ac2cc23a1be
routine heed.day_table(regclass) digest ef0b55ec77e2a72d
routine heed.drop_day_partitions(regclass,timestamp with time zone,timestamp with time zone) digest dd265fc2fd8e3f83 -- identity_relay: execute; identity_service: execute
routine heed.ensure_day_partitions(regclass,timestamp with time zone,integer) digest 4c3c86b0921d2c77 -- identity_relay: execute; identity_service: execute
routine heed.fenced(regclass,text,text[],boolean,text) digest 75f37d836aa0af52
routine heed.first_id_of(date) digest d0b8fe251866954b
routine heed.forget_statistics(regclass,text[]) digest f235eca0c99d6d14
routine heed.grant_to(text,text,text[]) digest b6e48e4234407207
routine heed.guard_restricted() digest b4efc33cc1c6a387
routine heed.guard_subject() digest bc597881f65334ea
routine heed.hide_retained(regclass) digest 834cd22d858c13c5
routine heed.infrastructure(regclass,text[]) digest 787bdb6ea498480a
routine heed.is_held(uuid,uuid) digest 4cd643780c0b4d97 -- identity_eraser: execute; identity_service: execute
routine heed.next_sequence(uuid,uuid) digest ffbe2cdd5e46f664 -- identity_eraser: execute; identity_service: execute
routine heed.next_sequences(uuid,uuid[]) digest 937c8dff15ccffa6 -- identity_eraser: execute; identity_service: execute
routine heed.partitioned_by_day(regclass,integer) digest a5a102cfe0fb2b0d
routine heed.personal(regclass,text,text[]) digest a32a391963494bfa
routine heed.qualified(regclass) digest 28ef1384a93ca253
routine heed.raise_wall(regclass) digest 2ba15e064ef52bab
routine heed.refer_to_subject(regclass,text,boolean) digest 38db52b9e8beedf7
routine heed.role(text) digest 7f4f20c625a1688f
routine heed.roles(text[]) digest ffb91e086426420e
routine heed.staging(regclass) digest 922af5bb2ca62ca3
routine heed.tend_inbox(integer) digest 692ea235e8b81b38 -- identity_relay: execute
routine heed.tend_outbox(pg_snapshot) digest 1b7b32c087b5629c -- identity_relay: execute
routine heed.unchanged_while_restricted(regclass,text,text[]) digest bcd812c4fb4776e3
routine heed.walled(regclass) digest a7e984c499b108cd
routine heed.with_partitions(regclass) digest 39b3343878efe708

partitioned by day: heed.outbox, kept 7 days
