-- breaking: no · reason: orders wait for those that are out, so that a backlog travels in large batches
alter table issued_batch add column answered_at timestamptz;
create index issued_batch_out on issued_batch (tenant_id, action, issued_at) where answered_at is null;
