-- breaking: no · reason: what is held of a person can be kept from erasure while a matter goes on
create table hold (
  tenant_id uuid not null,
  hold_id uuid not null,
  subject_id uuid not null,
  subject_kind text not null check (subject_kind in ('contact', 'member')),
  ground text not null check (ground ~ '^[a-z][a-z_]{2,39}$'),
  -- The name of a file, which names nobody.
  matter text not null check (matter ~ '^[A-Za-z0-9][A-Za-z0-9._/-]{0,59}$'),
  placed_by uuid not null,
  placed_at timestamptz not null,
  until timestamptz,
  released_at timestamptz,
  released_by uuid,
  -- The erasure that it came too late for, and its stores: service, store, and what it had answered.
  too_late_request uuid,
  too_late_for text[] not null default '{}',
  primary key (tenant_id, hold_id)
);
create index hold_subject on hold (tenant_id, subject_id) where released_at is null;
select heed.walled('hold');

alter table request drop constraint request_state_check,
  add constraint request_state_check check (state in (
    'INFORMING', 'FANNED_OUT', 'PROBING', 'CLOSING', 'COMPLETED', 'COMPLETED_WITH_EXCEPTIONS', 'NEEDS_ATTENTION',
    'REFUSED', 'CANCELLED', 'HELD'));
