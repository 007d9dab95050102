-- breaking: no · reason: after a restore an attempt's outcome is known from what was told of it, and its permit is not

-- What was sent in a life that this database lost: contacts has its permit.
alter table attempt
  drop constraint attempt_sent_was_armed,
  add constraint attempt_sent_was_armed check (outcome is distinct from 'sent' or armed_at is not null or reason = 'restored');
-- While it catches up: what nobody has been told yet.
create index attempt_restoring_idx on attempt (tenant_id, row_id) where reason = 'restoring';
