-- breaking: no · reason: whoever opens a service by hand after its database went back leaves a trace that stays

-- Written by an operator as the owner (`heed quarantine lift`), and by nobody changed.
create table heed.quarantine_lift (
  lift_id uuid primary key,
  -- Of the quarantine that it ended.
  reason text not null,
  since timestamptz not null,
  restored_to timestamptz,
  -- Whether it had caught up by then.
  resynced boolean not null,
  -- Why, in a word or as the number of a ticket.
  because text not null check (because ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{2,62}$'),
  lifted_at timestamptz not null
);
call heed.grant_to('select', 'heed.quarantine_lift', 'service', 'probe');
