-- breaking: no · reason: attempts that go back to their campaign; one copy an address by each step of a campaign

alter table attempt add column step smallint not null default 1;
-- How often it went back to its campaign, to wait. Nothing was begun, so it is the same attempt all the same.
alter table attempt add column deferrals integer not null default 0 check (deferrals >= 0);
alter table attempt drop constraint attempt_state_check;
alter table attempt add constraint attempt_state_check check (state in ('queued', 'deferred', 'armed', 'concluded'));

-- One message to an address by each step of a campaign, though two people have it. Goes with its person.
create table campaign_copy (
  tenant_id uuid not null,
  campaign_id uuid not null,
  step smallint not null,
  endpoint_hash bytea not null,
  attempt_id uuid not null,
  contact_id uuid not null,
  reserved_at timestamptz not null,
  primary key (tenant_id, campaign_id, step, endpoint_hash)
);
select heed.fenced('campaign_copy', subject => 'contact_id', personal => array['endpoint_hash']);
