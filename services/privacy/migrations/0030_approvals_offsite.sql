-- breaking: no · reason: a request that was approved and is open must not come back from a restore as one that waits for it
drop trigger request_offsite_later on request;
create trigger request_offsite_later after update on request for each row
  when (
    old.closed_at is distinct from new.closed_at or old.due_at <> new.due_at
    or old.approved_by is distinct from new.approved_by)
  execute function copy_request();
