-- breaking: no · reason: after a restore a call's outcome is known from what was told of it, and its permit is not

-- What was answered in a life that this database lost: contacts has its permit.
alter table call
  drop constraint call_sent_was_armed,
  add constraint call_sent_was_armed check (outcome is distinct from 'sent' or armed_at is not null or reason = 'restored');
-- While it catches up: what nobody has been told yet.
create index call_restoring_idx on call (tenant_id, row_id) where reason = 'restoring';
