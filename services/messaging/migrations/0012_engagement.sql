-- breaking: no · reason: opens and clicks of messages, where their contacts agreed to be tracked

-- Something that was done with a message, by a person or a machine. Neither address nor program of whoever did it: what
-- they show is all that is kept of them.
create table engagement (
  tenant_id uuid not null,
  engagement_id uuid not null,
  attempt_id uuid not null,
  contact_id uuid not null,
  campaign_id uuid,
  step smallint not null,
  kind text not null check (kind in ('open', 'click', 'trap')),
  -- Number of the link in its template, from 1, and of how many.
  link smallint not null check (link >= 0),
  links smallint not null check (links >= 0),
  -- What the request showed by itself, and what it is taken for by all that is known of the message: empty is a person.
  evidence text not null check (evidence in ('', 'head', 'agent', 'network', 'prefetch')),
  reason text not null check (reason in ('', 'head', 'agent', 'network', 'prefetch', 'trap', 'burst', 'too_soon')),
  occurred_at timestamptz not null,
  -- The same for all of one message: nothing is recorded of it afterwards.
  expires_at timestamptz not null,
  primary key (tenant_id, engagement_id)
);
select heed.fenced('engagement', subject => 'contact_id', personal => array['kind', 'link', 'occurred_at', 'evidence', 'reason']);
create index engagement_attempt_idx on engagement (tenant_id, attempt_id);
create index engagement_campaign_idx on engagement (tenant_id, campaign_id, engagement_id);
create index engagement_expiry_idx on engagement (tenant_id, expires_at);
