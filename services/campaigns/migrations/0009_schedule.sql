-- breaking: yes · reason: a service that does not know these states would leave their campaigns lying

alter table campaign drop constraint campaign_state_check;
alter table campaign add constraint campaign_state_check check (state in
  ('draft', 'in_review', 'scheduled', 'needs_confirmation', 'planning', 'running', 'paused', 'cancelling', 'failing',
   'completed', 'cancelled', 'failed'));
-- When it is to start by itself, and the member who began it although that was past: an id, as in every log of accesses.
alter table campaign add column start_at timestamptz;
alter table campaign add column confirmed_by text check (confirmed_by ~ '^[a-z0-9-]{1,64}$');
alter table campaign add constraint campaign_scheduled_has_time
  check (start_at is not null or state not in ('scheduled', 'needs_confirmation'));
-- What is overdue by more than this is begun by a person or not at all.
alter table campaign add constraint campaign_late_start_confirmed
  check (started_at is null or start_at is null or confirmed_by is not null or started_at - start_at <= interval '5 minutes');

-- Since when a person is waited for: what operators are shown over all tenants.
alter table campaign_work add column held_since timestamptz;
