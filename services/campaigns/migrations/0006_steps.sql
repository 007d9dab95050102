-- breaking: yes · reason: who counts a campaign without its steps would leave their counters behind

-- What is said by telephone is a template too: its script.
alter table template drop constraint template_channel_check;
alter table template add constraint template_channel_check check (channel in ('email', 'voice'));

-- A step of a campaign. The first reaches the people of the list; each other follows one before it, for those with whom
-- that one came to such an end, after a delay.
create table campaign_step (
  tenant_id uuid not null,
  campaign_id uuid not null,
  step smallint not null check (step between 1 and 20),
  channel text not null check (channel in ('email', 'voice')),
  template_id uuid not null,
  rate_per_second integer not null check (rate_per_second between 1 and 10000),
  follows smallint,
  -- How the step that it follows must have ended, and of which reasons; without reasons: any.
  outcomes text[] not null check (outcomes <@ array['sent', 'skipped', 'failed', 'unknown']),
  reasons text[] not null,
  delay_seconds bigint not null check (delay_seconds between 0 and 7776000),
  primary key (tenant_id, campaign_id, step),
  constraint campaign_step_campaign_fkey
    foreign key (tenant_id, campaign_id) references campaign (tenant_id, campaign_id),
  constraint campaign_step_template_fkey
    foreign key (tenant_id, template_id) references template (tenant_id, template_id),
  -- Backwards only: no step follows itself, however far around.
  constraint campaign_step_follows check ((step = 1 and follows is null) or (follows >= 1 and follows < step)),
  constraint campaign_step_follows_fkey
    foreign key (tenant_id, campaign_id, follows) references campaign_step (tenant_id, campaign_id, step),
  constraint campaign_step_follows_an_end check ((follows is null) = (cardinality(outcomes) = 0))
);
select heed.walled('campaign_step');

-- I7 for each step. Behind the campaign's lock, as the campaign's own ledger, which is the sum of these.
create table campaign_step_ledger (
  tenant_id uuid not null,
  campaign_id uuid not null,
  step smallint not null,
  audience bigint not null default 0 check (audience >= 0),
  sent bigint not null default 0 check (sent >= 0),
  skipped bigint not null default 0 check (skipped >= 0),
  failed bigint not null default 0 check (failed >= 0),
  unknown bigint not null default 0 check (unknown >= 0),
  open bigint not null default 0 check (open >= 0),
  -- Of the open ones: with a sender; and waiting for their time. The rest is planned.
  in_flight bigint not null default 0 check (in_flight >= 0),
  deferred bigint not null default 0 check (deferred >= 0),
  -- The token bucket of the rate.
  credit double precision not null default 0,
  paced_at timestamptz not null,
  primary key (tenant_id, campaign_id, step),
  constraint campaign_step_ledger_step_fkey
    foreign key (tenant_id, campaign_id, step) references campaign_step (tenant_id, campaign_id, step),
  constraint campaign_step_ledger_balances check (audience = sent + skipped + failed + unknown + open),
  constraint campaign_step_ledger_waiting check (in_flight + deferred <= open)
)
with (fillfactor = 20);
select heed.walled('campaign_step_ledger');

-- Of the skipped ones of a step: why.
create table campaign_step_skip (
  tenant_id uuid not null,
  campaign_id uuid not null,
  step smallint not null,
  reason text not null check (reason ~ '^[a-z][a-z0-9_]{0,39}$'),
  n bigint not null check (n > 0),
  primary key (tenant_id, campaign_id, step, reason),
  constraint campaign_step_skip_ledger_fkey
    foreign key (tenant_id, campaign_id, step) references campaign_step_ledger (tenant_id, campaign_id, step)
)
with (fillfactor = 50);
select heed.walled('campaign_step_skip');

alter table campaign_ledger add column deferred bigint not null default 0 check (deferred >= 0);
alter table campaign_ledger add constraint campaign_ledger_waiting check (in_flight + deferred <= open);

-- Waits until then: the next step's delay, or what a denial said.
alter table intent add column due_at timestamptz;
-- How often it was handed out and came back with "not now". Part of no id: nothing was begun.
alter table intent add column deferrals smallint not null default 0 check (deferrals >= 0);
alter table intent drop constraint intent_state_check;
alter table intent add constraint intent_state_check check (state in ('planned', 'deferred', 'dispatched', 'concluded'));
alter table intent add constraint intent_deferred_has_time check ((due_at is not null) = (state = 'deferred'));
-- Not on the state, which changes with every intent: only those that wait are in here.
create index intent_due on intent (tenant_id, campaign_id, step, due_at) where due_at is not null;

-- What there is has one step. The wall binds the owner too, for as long as it is forced.
alter table campaign no force row level security;
alter table campaign_ledger no force row level security;
alter table campaign_skip no force row level security;
alter table campaign_step no force row level security;
alter table campaign_step_ledger no force row level security;
alter table campaign_step_skip no force row level security;
insert into campaign_step
  (tenant_id, campaign_id, step, channel, template_id, rate_per_second, outcomes, reasons, delay_seconds)
select tenant_id, campaign_id, 1, channel, template_id, rate_per_second, '{}', '{}', 0 from campaign;
insert into campaign_step_ledger
  (tenant_id, campaign_id, step, audience, sent, skipped, failed, unknown, open, in_flight, paced_at)
select tenant_id, campaign_id, 1, audience, sent, skipped, failed, unknown, open, in_flight, changed_at from campaign_ledger;
insert into campaign_step_skip (tenant_id, campaign_id, step, reason, n)
select tenant_id, campaign_id, 1, reason, n from campaign_skip;
alter table campaign force row level security;
alter table campaign_ledger force row level security;
alter table campaign_skip force row level security;
alter table campaign_step force row level security;
alter table campaign_step_ledger force row level security;
alter table campaign_step_skip force row level security;
