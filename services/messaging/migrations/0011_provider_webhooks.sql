-- breaking: no · reason: webhooks of mail providers: bounces, complaints, unsubscribes

-- A mail provider that is believed what it signs. Its secrets are made from its id, a number and the tenant's key of
-- keyed hashes, so none lies here.
create table provider_connection (
  tenant_id uuid not null,
  provider_connection_id uuid not null,
  name text not null check (name ~ '^[a-z][a-z0-9_-]{0,62}$'),
  secret_number integer not null default 1 check (secret_number > 0),
  -- Until then the secret before this one is good too.
  previous_until timestamptz,
  created_at timestamptz not null,
  primary key (tenant_id, provider_connection_id)
);
select heed.walled('provider_connection');

-- Webhooks that were taken in, each once: by a hash of the provider's own id for it.
create table provider_event (
  tenant_id uuid not null,
  provider_connection_id uuid not null,
  event_hash bytea not null check (length(event_hash) = 32),
  heard_at timestamptz not null,
  primary key (tenant_id, provider_connection_id, event_hash)
);
select heed.walled('provider_event');
create index provider_event_age on provider_event (tenant_id, heard_at);

-- What a provider says lies beside what came by mail.
alter table inbound_mail drop constraint inbound_mail_address_kind_check;
alter table inbound_mail add constraint inbound_mail_address_kind_check
  check (address_kind in ('bounce', 'reply', 'unsubscribe', 'provider'));
