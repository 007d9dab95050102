-- breaking: no · reason: an opt-out that is heard in a call binds the number also where its person is erased meanwhile

-- Keyed hash of the number that was called, as the permit named it.
alter table call add column endpoint_hash bytea check (length(endpoint_hash) = 32);
select heed.personal('call', subject => 'contact_id', personal => array['permit_leaf', 'endpoint_hash']);
