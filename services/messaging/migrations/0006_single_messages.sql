-- breaking: no · reason: messages that no campaign asks for: one to one contact, for a purpose of its own

-- Neither intent nor campaign: asked for by SendMessage.
alter table attempt alter column campaign_id drop not null;
alter table attempt add constraint attempt_intent_has_campaign check (campaign_id is not null or intent_id is null);

-- What a single message brings along beside its template: sealed under the person's key, and gone with the attempt's end.
create table message_values (
  tenant_id uuid not null,
  attempt_id uuid not null,
  contact_id uuid not null,
  sealed_values bytea not null,
  written_at timestamptz not null,
  primary key (tenant_id, attempt_id)
);
select heed.fenced('message_values', subject => 'contact_id', personal => array['sealed_values']);

-- How many single messages a tenant has asked for in the minute that it last asked in.
create table message_rate (
  tenant_id uuid not null primary key,
  minute timestamptz not null,
  taken integer not null check (taken > 0)
);
select heed.walled('message_rate');
