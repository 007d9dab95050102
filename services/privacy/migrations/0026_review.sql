-- breaking: no · reason: a member looks at a request before its first order is out, where the tenant wants that
alter table request drop constraint request_state_check,
  add constraint request_state_check check (state in (
    'INFORMING', 'FANNED_OUT', 'PROBING', 'CLOSING', 'COMPLETED', 'COMPLETED_WITH_EXCEPTIONS', 'NEEDS_ATTENTION',
    'REFUSED', 'CANCELLED', 'HELD', 'REVIEW')),
  add column approved_by uuid,
  -- Whose identity nobody has verified may be waiting, or refused; nothing is done for them.
  add constraint request_verified check (
    verification <> 'none' or state in ('REVIEW', 'REFUSED', 'CANCELLED'));

create table review_rules (
  tenant_id uuid not null primary key,
  -- Whoever took a request cannot approve it.
  second_person boolean not null,
  updated_at timestamptz not null,
  updated_by uuid not null
);
select heed.walled('review_rules');

-- A request waits that agrees with all of one; empty: any.
create table review_rule (
  tenant_id uuid not null,
  position smallint not null,
  asked_right text not null check (asked_right ~ '^[A-Z]{0,20}$'),
  verification text not null check (verification ~ '^[a-z_]{0,40}$'),
  intake text not null check (intake in ('', 'single', 'batch')),
  primary key (tenant_id, position)
);
select heed.walled('review_rule');

-- Who placed it has said that its matter forbids to tell the person of it.
alter table hold add column without_telling boolean not null default false;
alter table requester_notice drop constraint requester_notice_notice_check,
  add constraint requester_notice_notice_check check (notice in (
    'request_received', 'request_completed', 'restriction_ending', 'request_extended', 'request_refused',
    'request_cancelled', 'request_held'));
