-- breaking: no · reason: opens and clicks, where template and contact allow it

alter table template add column track_opens boolean not null default false;
alter table template add column track_clicks boolean not null default false;
alter table template add constraint template_tracked_has_html
  check (not (track_opens or track_clicks) or (channel = 'email' and html_body <> ''));

-- How often messages of a step were opened and their links followed, people and machines apart. Moved by what messaging
-- tells, each time by the difference: no row about a person is kept to count from.
create table campaign_engagement (
  tenant_id uuid not null,
  campaign_id uuid not null,
  step smallint not null,
  opens bigint not null default 0,
  openers bigint not null default 0,
  clicks bigint not null default 0,
  clickers bigint not null default 0,
  automated_opens bigint not null default 0,
  automated_clicks bigint not null default 0,
  primary key (tenant_id, campaign_id, step)
);
select heed.walled('campaign_engagement');
