-- breaking: no · reason: requests are listed by subject, the audit log by actor and time
create index request_by_subject on request (tenant_id, subject_id);
create index audit_entry_by_actor on audit_entry (tenant_id, actor_id, seq);
-- BRIN, since rows lie in the order of what was done, or nearly. None by action: its long texts, which are few, would
-- make it the largest of all, and 500,000 entries are looked through in 120 ms.
create index audit_entry_at on audit_entry using brin (at);
