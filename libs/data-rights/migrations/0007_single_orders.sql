-- breaking: no · reason: orders that restrict a person and lift it
alter table heed.order_batch drop constraint order_batch_action_check,
  add constraint order_batch_action_check check (action in ('ERASE', 'PROBE', 'ACCESS', 'RESTRICT', 'LIFT', 'CORRECT'));
