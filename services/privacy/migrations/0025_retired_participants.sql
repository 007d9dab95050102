-- breaking: no · reason: a participant's retirement is a leaf of the log
-- Null of those that retired before it was.
alter table participant add column retired_leaf bigint;
