-- breaking: no · reason: a relay that was replaced while it stood still took the lead back from a healthy successor
-- Whether the holder has the advisory lock. One that took the lead from a frozen process has the lease alone, until that
-- process lets the lock go: that the lock is free then says nothing about the holder.
alter table heed.relay_cursor add column has_lock boolean not null default true;
