-- breaking: no · reason: single messages are claimed before those of campaigns, however many of these wait
create index attempt_single_waiting_idx on attempt (tenant_id, next_at)
  where state = 'queued' and sender_id is null and campaign_id is null;
