-- breaking: no · reason: a participant that retires says what remains, or an operator says why nobody does
alter table participant
  add column without_receipt text check (without_receipt ~ '^[a-z0-9_]{1,60}$'),
  drop constraint participant_check,
  add constraint participant_check check (
    (retirement is null) = (retirement_signature is null)
    and (retired_at is null) = (retirement is null and without_receipt is null)
    and (retirement is null or without_receipt is null));
