-- breaking: no · reason: what waits for approval waits by the rule that it was taken under, whichever replica writes
alter table request add column needs_second_person boolean not null default false;

-- Replicas of before 0026 know of no review: one of them would take it for a request that may be held and released, and
-- so begin it.
create function demand_approval() returns trigger
  language plpgsql set search_path = ''
as $$
begin
  raise exception 'a request that waits for approval begins once it is approved' using errcode = 'check_violation';
end
$$;
create trigger request_review before update of state on request for each row
  when (
    old.state = 'REVIEW' and new.approved_by is null
    and new.state in ('INFORMING', 'HELD', 'FANNED_OUT', 'PROBING', 'CLOSING'))
  execute function demand_approval();
