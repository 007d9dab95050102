-- breaking: no · reason: people put themselves on a list by a form, and confirm it from their address

create table sign_up_form (
  tenant_id uuid not null,
  sign_up_form_id uuid not null,
  name text not null,
  list_id uuid not null,
  purposes text[] not null check (cardinality(purposes) between 1 and 5),
  -- The consent is to them alone; empty: to every sender of the tenant.
  sender text not null,
  template_id uuid not null,
  wording text not null,
  wording_version integer not null check (wording_version > 0),
  allowed_origins text[] not null,
  language text not null check (language ~ '^[a-z]{2}$'),
  is_open boolean not null,
  created_at timestamptz not null,
  primary key (tenant_id, sign_up_form_id),
  constraint sign_up_form_name_key unique (tenant_id, name),
  constraint sign_up_form_list foreign key (tenant_id, list_id) references list
);
select heed.walled('sign_up_form');

-- What somebody typed into a form, until the owner of the address confirms it or its time is over. `contact_id` is nobody's
-- yet: the one who confirms bears it, unless they are known already.
create table sign_up (
  tenant_id uuid not null,
  sign_up_id uuid not null,
  contact_id uuid not null,
  sign_up_form_id uuid not null,
  endpoint_hash bytea not null,
  -- Address, name, and where it was sent from, under the person's key.
  sealed bytea not null,
  wording_version integer not null,
  attempt_id uuid not null,
  mails integer not null check (mails > 0),
  mailed_at timestamptz not null,
  signed_up_at timestamptz not null,
  expires_at timestamptz not null check (expires_at > signed_up_at),
  primary key (tenant_id, sign_up_id),
  -- However often somebody sends it.
  constraint sign_up_once unique (tenant_id, endpoint_hash, sign_up_form_id),
  constraint sign_up_attempt unique (tenant_id, attempt_id),
  constraint sign_up_of_form foreign key (tenant_id, sign_up_form_id) references sign_up_form
);
select heed.fenced('sign_up', subject => 'contact_id', personal => array['endpoint_hash', 'sealed']);

-- That the owner of an address confirmed it: one for each consent. It answers what was heard from that address before, for
-- this person and this scope, until somebody says no from there again.
create table sign_up_confirmation (
  tenant_id uuid not null,
  entry_id uuid not null,
  sign_up_id uuid not null,
  contact_id uuid not null,
  sign_up_form_id uuid not null,
  wording_version integer not null,
  endpoint_hash bytea not null,
  channel text not null,
  purpose text not null,
  sender text not null,
  signed_up_at timestamptz not null,
  confirmed_at timestamptz not null check (confirmed_at >= signed_up_at),
  ended_at timestamptz,
  primary key (tenant_id, entry_id)
);
select heed.fenced('sign_up_confirmation', subject => 'contact_id', personal => array['endpoint_hash']);
create index sign_up_confirmation_token on sign_up_confirmation (tenant_id, sign_up_id);
create index sign_up_confirmation_address on sign_up_confirmation (tenant_id, endpoint_hash) where ended_at is null;

-- Of the rows that are there 0024 makes sure: no opt-out waits while large tables are read.
alter table contact drop constraint contact_source_check;
alter table contact add constraint contact_source_check check (source ~ '^(api|sign_up|import:[0-9a-f-]{36})$')
  not valid;

alter table consent_entry drop constraint consent_entry_source_check;
alter table consent_entry add constraint consent_entry_source_check check (source in ('import', 'one_click', 'page',
  'agent', 'api', 'request', 'reply', 'mailto', 'complaint', 'key', 'carrier', 'sign_up')) not valid;

do $$
begin
  execute format('revoke delete on sign_up_form, sign_up_confirmation from %I', heed.role('service'));
  execute format('revoke update on sign_up_confirmation from %I', heed.role('service'));
  -- Which opt-outs end, and nothing else.
  execute format('grant update (ended_at) on sign_up_confirmation to %I', heed.role('service'));
end
$$;
