-- breaking: yes · reason: who hands out without saying so would leave a step open to change

-- Counts the changes of its steps: what the etag is of.
alter table campaign add column revision integer not null default 0 check (revision >= 0);

-- When the first of a step was handed out, and when the step was changed last: never the other way round.
alter table campaign_step_ledger add column handed_out_at timestamptz;
alter table campaign_step_ledger add column edited_at timestamptz;
alter table campaign_step_ledger add constraint campaign_step_ledger_edited_before check (edited_at <= handed_out_at);

-- The wall binds the owner too, for as long as it is forced.
alter table campaign_step_ledger no force row level security;
update campaign_step_ledger set handed_out_at = paced_at where sent + skipped + failed + unknown + in_flight + deferred > 0;
alter table campaign_step_ledger force row level security;

-- Who changed what of a step. May only be inserted.
create table step_edit (
  tenant_id uuid not null,
  campaign_id uuid not null,
  revision integer not null check (revision > 0),
  step smallint not null,
  fields text[] not null check (cardinality(fields) > 0),
  template_before uuid not null,
  -- A member's id, as in every log of accesses.
  actor_id text not null check (actor_id ~ '^[a-z0-9-]{1,64}$'),
  edited_at timestamptz not null,
  primary key (tenant_id, campaign_id, revision),
  constraint step_edit_step_fkey
    foreign key (tenant_id, campaign_id, step) references campaign_step (tenant_id, campaign_id, step)
);
select heed.walled('step_edit');
do $$
begin
  execute format('revoke update, delete on step_edit from %I', heed.role('service'));
end
$$;
