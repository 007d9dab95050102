-- breaking: no · reason: requests that a member closes with exceptions, or gives more time
alter table request drop constraint request_state_check,
  add constraint request_state_check check (state in (
    'INFORMING', 'FANNED_OUT', 'PROBING', 'CLOSING', 'COMPLETED', 'COMPLETED_WITH_EXCEPTIONS', 'NEEDS_ATTENTION')),
  -- Codes, which stand in certificates: why it was closed so, and why it is due later.
  add column exception_reason text check (exception_reason ~ '^[a-z][a-z0-9_]{2,59}$'),
  add column extended_because text check (extended_because in ('complexity', 'number_of_requests')),
  -- When half of its time was over and a store was silent.
  add column attention_at timestamptz,
  add constraint request_exceptions_have_reason
    check (state <> 'COMPLETED_WITH_EXCEPTIONS' or exception_reason is not null);
alter table requester_notice drop constraint requester_notice_notice_check,
  add constraint requester_notice_notice_check
    check (notice in ('request_received', 'request_completed', 'restriction_ending', 'request_extended'));
