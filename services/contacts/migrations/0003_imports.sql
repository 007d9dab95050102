-- breaking: no · reason: imports of files
create table import (
  tenant_id uuid not null,
  import_id uuid not null,
  list_id uuid not null,
  state text not null check (state in ('receiving', 'merging', 'completed', 'failed', 'cancelled')),
  -- Names of the file's columns, for the file of rejected rows.
  header text[] not null default '{}',
  rows bigint not null default 0,
  -- The last row that is merged: all up to it are done, once; it moves in the transaction that does them.
  merged_through bigint not null default 0,
  accepted bigint not null default 0,
  rejected jsonb not null default '{}',
  created bigint not null default 0,
  updated bigint not null default 0,
  consents bigint not null default 0,
  failure_reason text check (failure_reason ~ '^[A-Z][A-Z0-9_]{0,63}$'),
  created_at timestamptz not null,
  -- When the last piece of the file came: an upload that fell silent is taken for dead.
  received_at timestamptz not null,
  finished_at timestamptz,
  primary key (tenant_id, import_id),
  constraint import_list foreign key (tenant_id, list_id) references list (tenant_id, list_id),
  constraint import_ended check ((state in ('receiving', 'merging')) = (finished_at is null)),
  constraint import_failed check ((state = 'failed') = (failure_reason is not null))
);
select heed.walled('import');

-- The rows of a file between its receipt and its merge. COPY is refused under row-level security, so the role for
-- imports owns this table. Its text is the file's own. Nobody is known by it yet: `contact_id` is the id that the person
-- will get if they prove new, so the fence cannot hold the row, and its life is short instead.
create table import_row (
  tenant_id uuid not null,
  import_id uuid not null,
  -- Number of the record, and the line of the file that it begins on.
  row bigint not null,
  line bigint not null,
  contact_id uuid not null,
  email text,
  email_hash text,
  phone text,
  phone_hash text,
  first_name text,
  last_name text,
  country text,
  -- JSON: what the consent columns say.
  consents text,
  -- Keyed hashes (hex) of every address found anywhere in the row, so that a faulty row of somebody erased is known too.
  hashes text[] not null,
  -- Why the row is no good, and in which columns. Empty for a good one.
  fault text,
  fault_columns text,
  -- JSON: the cells as they came, for the file of rejected rows.
  cells text not null,
  primary key (tenant_id, import_id, row)
);
-- Whether an earlier row of the file has the same address.
create index import_row_email on import_row (tenant_id, import_id, email_hash) where email_hash is not null;
create index import_row_phone on import_row (tenant_id, import_id, phone_hash) where phone_hash is not null;
select heed.forget_statistics('import_row', array['email', 'email_hash', 'phone', 'phone_hash', 'first_name', 'last_name',
  'country', 'consents', 'hashes', 'cells']);
select heed.staging('import_row');

-- Rows that an import refused, for seven days. Never those of somebody erased.
create table import_reject (
  tenant_id uuid not null,
  import_id uuid not null,
  row bigint not null,
  line bigint not null,
  contact_id uuid not null,
  reason text not null check (reason ~ '^[A-Z][A-Z0-9_]{0,63}$'),
  columns text not null,
  hashes text[] not null,
  cells text not null,
  at timestamptz not null,
  primary key (tenant_id, import_id, row)
);
select heed.forget_statistics('import_reject', array['hashes', 'cells']);
call heed.grant_to('select', 'import_reject', 'service');
select heed.staging('import_reject');

-- What merging touches. Row-level security binds this role everywhere but in its own two tables.
call heed.grant_to('select', 'list, suppression', 'import');
call heed.grant_to('select, insert, update', 'import, contact, consent_state', 'import');
call heed.grant_to('select, insert', 'endpoint, list_member, consent_entry', 'import');
-- That an import is due is written and taken away in the very transaction of its work.
call heed.grant_to('select, insert, update, delete', 'heed.due_work', 'import');

do $$
begin
  execute format('revoke insert, delete on import from %I', heed.role('service'));
end
$$;
