-- breaking: no · reason: a campaign's steps link to the trace of whoever started it
alter table campaign_work add column traceparent text;
