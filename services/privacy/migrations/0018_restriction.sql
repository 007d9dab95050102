-- breaking: no · reason: people ask that what is held about them be restricted, and are told before that ends
alter table request drop constraint request_asked_right_check,
  add constraint request_asked_right_check
    check (asked_right in ('ERASURE', 'ACCESS', 'RESTRICTION', 'LIFT', 'CORRECTION')),
  drop constraint request_state_check,
  add constraint request_state_check
    check (state in ('INFORMING', 'FANNED_OUT', 'PROBING', 'CLOSING', 'COMPLETED', 'NEEDS_ATTENTION')),
  -- How the person was told that their restriction ends (LAW: GDPR Art. 18(3)).
  add column informed text check (informed ~ '^[a-z_]{1,40}$');
alter table subject_order drop constraint subject_order_action_check,
  add constraint subject_order_action_check
    check (action in ('ERASE', 'PROBE', 'ACCESS', 'RESTRICT', 'LIFT', 'CORRECT'));
alter table requester_notice drop constraint requester_notice_notice_check,
  add constraint requester_notice_notice_check
    check (notice in ('request_received', 'request_completed', 'restriction_ending'));

-- Who is restricted, and by which request. It outlives the record of that request: a restriction has no end of its own.
create table restriction (
  tenant_id uuid not null,
  subject_id uuid not null,
  request_id uuid not null,
  since timestamptz not null,
  primary key (tenant_id, subject_id)
);
select heed.walled('restriction');
