-- breaking: no · reason: first version of campaigns, their ledger and their intents

-- One message to the people of a list.
create table campaign (
  tenant_id uuid not null,
  campaign_id uuid not null,
  name text not null,
  list_id uuid not null,
  template_id uuid not null,
  channel text not null check (channel in ('email', 'voice')),
  purpose text not null check (purpose ~ '^[a-z][a-z0-9_-]{0,62}$'),
  rate_per_second integer not null check (rate_per_second between 1 and 10000),
  -- 0: the whole list.
  audience_limit bigint not null check (audience_limit >= 0),
  -- cancelling and failing: nothing is handed out any more, and what was not is being skipped.
  state text not null check (state in
    ('draft', 'planning', 'running', 'paused', 'cancelling', 'failing', 'completed', 'cancelled', 'failed')),
  created_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz,
  primary key (tenant_id, campaign_id),
  constraint campaign_template_fkey foreign key (tenant_id, template_id) references template (tenant_id, template_id),
  constraint campaign_end_has_time
    check ((finished_at is not null) = (state in ('completed', 'cancelled', 'failed')))
);
create index campaign_by_state on campaign (tenant_id, state, campaign_id);
select heed.walled('campaign');

-- I7: of first tries, audience = sent + skipped + failed + unknown + open, and open = 0 once the campaign has ended.
-- Each change moves all it moves in one UPDATE, so the constraints hold at every instant and not just in the end.
-- The row's lock is the campaign's lock: whoever changes state, counters or intents holds it. Locks are taken in this
-- order, all in order of id: subjects, campaign_work, campaign_ledger, intents.
create table campaign_ledger (
  tenant_id uuid not null,
  campaign_id uuid not null,
  audience bigint not null default 0 check (audience >= 0),
  sent bigint not null default 0 check (sent >= 0),
  skipped bigint not null default 0 check (skipped >= 0),
  failed bigint not null default 0 check (failed >= 0),
  unknown bigint not null default 0 check (unknown >= 0),
  open bigint not null default 0 check (open >= 0),
  -- Of the open ones: with a sender.
  in_flight bigint not null default 0,
  ended boolean not null default false,
  changed_at timestamptz not null,
  primary key (tenant_id, campaign_id),
  constraint campaign_ledger_campaign_fkey
    foreign key (tenant_id, campaign_id) references campaign (tenant_id, campaign_id),
  constraint campaign_ledger_balances check (audience = sent + skipped + failed + unknown + open),
  constraint campaign_ledger_in_flight check (in_flight between 0 and open),
  constraint campaign_ledger_ends_closed check (not ended or open = 0)
)
-- Updated with every batch: room on the page keeps that a heap-only update.
with (fillfactor = 20);
select heed.walled('campaign_ledger');

-- Of the skipped ones: why.
create table campaign_skip (
  tenant_id uuid not null,
  campaign_id uuid not null,
  reason text not null check (reason ~ '^[a-z][a-z0-9_]{0,39}$'),
  n bigint not null check (n > 0),
  primary key (tenant_id, campaign_id, reason),
  constraint campaign_skip_ledger_fkey
    foreign key (tenant_id, campaign_id) references campaign_ledger (tenant_id, campaign_id)
)
with (fillfactor = 50);
select heed.walled('campaign_skip');

-- The plan to reach one contact by one step of one campaign.
-- Erasure cuts contact_id and intent_id off (events carry both); the row stays as a count without a person.
create table intent (
  tenant_id uuid not null,
  campaign_id uuid not null,
  -- Place in the audience, from 1: the order in which intents are handed out.
  ordinal bigint not null check (ordinal > 0),
  -- UUIDv5 of campaign, step, contact, channel and try: planned twice, it collides.
  intent_id uuid,
  contact_id uuid,
  step smallint not null,
  channel text not null,
  try smallint not null check (try > 0),
  state text not null check (state in ('planned', 'dispatched', 'concluded')),
  outcome text check (outcome in ('sent', 'skipped', 'failed', 'unknown')),
  reason text check (reason ~ '^[a-z0-9_]{1,40}$'),
  updated_at timestamptz not null,
  primary key (tenant_id, campaign_id, ordinal),
  constraint intent_id_key unique (tenant_id, intent_id),
  -- Begins with the contact: the fence needs an index that does.
  constraint intent_once unique (tenant_id, contact_id, campaign_id, step, channel, try),
  constraint intent_campaign_fkey foreign key (tenant_id, campaign_id) references campaign (tenant_id, campaign_id),
  constraint intent_outcome_when_concluded check ((outcome is not null) = (state = 'concluded')),
  constraint intent_skipped_has_reason check (outcome is distinct from 'skipped' or reason is not null),
  constraint intent_anonymous check ((contact_id is null) = (intent_id is null)),
  constraint intent_open_has_contact check (state = 'concluded' or contact_id is not null)
)
-- No index on the state: handing out goes by ordinal and remembers how far it came, so a change of state touches no
-- index and stays on its page.
with (fillfactor = 80);
select heed.fenced('intent', subject => 'contact_id');
