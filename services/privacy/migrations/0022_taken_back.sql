-- breaking: no · reason: requests that are refused or taken back before anything was ordered
alter table request drop constraint request_state_check,
  add constraint request_state_check check (state in (
    'INFORMING', 'FANNED_OUT', 'PROBING', 'CLOSING', 'COMPLETED', 'COMPLETED_WITH_EXCEPTIONS', 'NEEDS_ATTENTION',
    'REFUSED', 'CANCELLED')),
  -- The ground of the law, as a code.
  add column refusal_ground text check (refusal_ground ~ '^[a-z][a-z_]{2,39}$'),
  add constraint request_refused_on_ground check ((state = 'REFUSED') = (refusal_ground is not null)),
  add constraint request_taken_back_ended check (state not in ('REFUSED', 'CANCELLED') or closed_at is not null);
alter table requester_notice drop constraint requester_notice_notice_check,
  add constraint requester_notice_notice_check check (notice in (
    'request_received', 'request_completed', 'restriction_ending', 'request_extended', 'request_refused',
    'request_cancelled'));
-- The ledger is append-only: an entry is withdrawn by another one behind it.
alter table erasure_ledger add column withdrawn boolean not null default false;
