-- breaking: yes · reason: who does not know what a campaign waits for would end it too early

-- A step may follow what came back: messages of the step that it follows which were sent, and bounced within so long.
alter table campaign_step add column bounced_within_seconds bigint
  check (bounced_within_seconds is null or (bounced_within_seconds between 1 and 2592000 and follows is not null));
alter table campaign_step drop constraint campaign_step_follows_an_end;
alter table campaign_step add constraint campaign_step_follows_an_end
  check ((follows is null) = (cardinality(outcomes) = 0 and bounced_within_seconds is null));

-- That a message came back is told after its end, or before: it stands beside the outcome and changes no counter.
alter table intent add column bounced_at timestamptz;

-- With nothing open, the campaign still runs until then: what was sent may come back and begin a step.
alter table campaign_ledger add column deliveries_until timestamptz;
