-- breaking: no · reason: calls that a campaign asks for; an older version places none of them

alter table call add column intent_id uuid;
alter table call add column campaign_id uuid;
alter table call add column step smallint;
alter table call add column template_id uuid;
-- How often it went back to its campaign, to wait.
alter table call add column deferrals integer not null default 0 check (deferrals >= 0);
alter table call add column traceparent text;
-- One intent, one call, however often it is asked for (I7).
alter table call add constraint call_intent_key unique (tenant_id, intent_id);
alter table call add constraint call_of_campaign_is_whole check (
  (campaign_id is null) = (step is null) and (campaign_id is null) = (template_id is null)
  and (intent_id is null or campaign_id is not null));
alter table call drop constraint call_state_check;
alter table call add constraint call_state_check
  check (state in ('queued', 'deferred', 'armed', 'ringing', 'answered', 'ended'));
create index call_campaign_idx on call (tenant_id, campaign_id, row_id) where campaign_id is not null;

-- One call to a number by each step of a campaign, though two people have it. Goes with its person.
create table campaign_copy (
  tenant_id uuid not null,
  campaign_id uuid not null,
  step smallint not null,
  endpoint_hash bytea not null,
  call_id uuid not null,
  contact_id uuid not null,
  reserved_at timestamptz not null,
  primary key (tenant_id, campaign_id, step, endpoint_hash)
);
select heed.fenced('campaign_copy', subject => 'contact_id', personal => array['endpoint_hash']);
