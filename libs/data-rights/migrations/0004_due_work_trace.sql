-- breaking: no · reason: work that is done later goes on with the trace of whoever asked for it
-- W3C traceparents. Several, where several have asked for one piece of work: its span links to each.
alter table heed.due_work add column traceparents text[] not null default '{}';
